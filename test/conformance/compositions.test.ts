import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compositionToMermaid } from "../../packages/core/src/composition/composition-to-mermaid.ts";
import { completeStep, startComposition } from "../../packages/core/src/composition/plan-composition.ts";
import { checkCompositionRules } from "../../packages/core/src/composition/rules.ts";
import { collectFindings } from "../../packages/core/src/diagnostics/report.ts";
import type { JsonValue } from "../../packages/core/src/json/json.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";
import { initialState } from "../../packages/core/src/workflow/initial-state.ts";
import { checkWorkflowRules } from "../../packages/core/src/workflow/rules.ts";
import { transition } from "../../packages/core/src/workflow/transition.ts";
import { workflowToSvg } from "../../packages/core/src/workflow/diagrams/workflow-to-svg.ts";
import { composition } from "./semantic/composition.ts";
import { workflow } from "./semantic/workflow.ts";

const dir = process.env.PROMPTPACK_CONFORMANCE_DIR;
const read = (file: string): unknown => JSON.parse(readFileSync(join(dir ?? "", file), "utf8"));

function findingsOf(pack: PackData): { code: string; pointer: string; severity: string }[] {
  const { findings, report } = collectFindings();
  checkWorkflowRules(pack, report);
  checkCompositionRules(pack, report, { stepKinds: ["omnia.judge"] });
  return findings.map(({ diagnostic: { code, pointer, severity } }) => ({ code, pointer, severity }));
}

describe.skipIf(dir === undefined)(
  "the corpus's workflows and compositions (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    it("finds every semantic case of workflows and compositions at its pointer and flags no control", () => {
      const { cases } = read("semantic.json") as {
        cases: { id: string; rule: string; path: string; severity: string; pack: PackData }[];
      };
      const map = { ...workflow, ...composition };
      const misses: string[] = [];
      let seen = 0;
      for (const { id, rule, path, severity, pack } of cases) {
        const code = Object.hasOwn(map, rule) ? map[rule] : undefined;
        const findings = findingsOf(pack);
        if (id.startsWith("clean-") && findings.some((finding) => finding.severity !== "info"))
          misses.push(`${id}: ${JSON.stringify(findings)}`);
        if (code === undefined) continue;
        seen++;
        const found = findings.find((finding) => finding.code === code && finding.pointer === path);
        if (severity === "none" ? found !== undefined : found?.severity !== severity)
          misses.push(`${id}: ${JSON.stringify(findings)}`);
      }
      expect(misses).toEqual([]);
      expect(seen).toBe(Object.keys(map).length);
    });

    it("reports no error on the workflow or composition of any real pack that the newest schema accepts", () => {
      const { packs } = read("packs.index.json") as { packs: { file: string; oracle: Record<string, unknown> }[] };
      const errors: string[] = [];
      let workflows = 0;
      for (const { file, oracle } of packs) {
        const newest = oracle["1.9.0"] ?? oracle["1.9"];
        if (newest !== true) continue;
        const pack = read(file) as PackData;
        if (pack.workflow === undefined) continue;
        workflows++;
        errors.push(
          ...findingsOf(pack)
            .filter(({ severity }) => severity === "error")
            .map(({ code, pointer }) => `${file} ${code} ${pointer}`),
        );
        expect(workflowToSvg(pack.workflow)).toBe(workflowToSvg(pack.workflow));
        const [run] = transition(pack.workflow, initialState(pack.workflow), { type: "message" });
        expect(run.busy).toBe(true);
      }
      expect(errors).toEqual([]);
      expect(workflows).toBeGreaterThan(10);
    });

    it("runs every composition of the packs and bases with a scripted executor", () => {
      const files = ["packs", "bases"].flatMap((folder) =>
        readdirSync(join(dir ?? "", folder)).map((name) => `${folder}/${name}`),
      );
      const ran: string[] = [];
      for (const file of files) {
        const { compositions = {} } = (read(file) ?? {}) as Partial<PackData>;
        for (const [name, found] of Object.entries(compositions)) {
          for (const kind of ["lift", "door"]) {
            let plan = startComposition(found, { text: "stuck", serial: "S1" }, { stepKinds: ["omnia.judge"] });
            const steps: string[] = [];
            for (let task = plan.ready[0]; task !== undefined; task = plan.ready[0]) {
              steps.push(task.stepId);
              const output: JsonValue = { kind, from: task.stepId };
              plan = completeStep(plan, task.stepId, output);
            }
            expect(plan.status).toBe("completed");
            ran.push(`${name} ${kind}: ${steps.join(" ")} -> ${JSON.stringify(plan.output)}`);
          }
          expect(compositionToMermaid(found)).toContain("flowchart");
        }
      }
      expect(ran).toEqual([
        'triage_fault lift: classify lookup a b -> {"all":{"a":{"kind":"lift","from":"a"},"b":{"kind":"lift","from":"b"}}}',
        'triage_fault door: classify research a b -> {"all":{"a":{"kind":"door","from":"a"},"b":{"kind":"door","from":"b"}}}',
      ]);
    });
  },
);

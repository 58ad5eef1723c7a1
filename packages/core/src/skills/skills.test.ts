import { describe, expect, it } from "vitest";
import { collectFindings } from "../diagnostics/report.ts";
import type { SkillSource } from "../schema/sections/agents.ts";
import { collectSkills, findSkill } from "./collect-skills.ts";
import { checkSkillRules } from "./rules.ts";
import { addSkills, skillIndex, skillsInScope, skillTools } from "./select-skills.ts";

const text = (name: string): string =>
  `---\nname: ${name}\ndescription: About ${name}\nallowed-tools: find send\n---\nDo ${name}.`;
const inline = { name: "tone", description: "How\n- fake: to talk", instructions: "Be {{kind}}." };
const sources = ["./skills", { path: "@acme/extra@1.0.0", preload: true }, inline];
const files = new Map([
  [
    "skills",
    [
      { path: "billing/refunds/SKILL.md", text: text("refunds") },
      { path: "mail/SKILL.md", text: text("mail") },
    ],
  ],
  ["@acme/extra@1.0.0", [{ path: "SKILL.md", text: text("extra") }]],
]);
const { skills } = collectSkills(sources, files);
const names = (scope?: string): string[] => skillsInScope(skills, scope).map((skill) => skill.name);

const codes = (list: readonly SkillSource[], scope?: string): string[] => {
  const { findings, report } = collectFindings();
  const workflow = {
    version: 1,
    entry: "a",
    states: { a: { prompt_task: "a", ...(scope === undefined ? {} : { skills: scope }) } },
  };
  checkSkillRules({ skills: list, workflow }, report);
  return findings.map(({ diagnostic }) => `${diagnostic.code} ${diagnostic.pointer}`);
};

describe("skills of a pack", () => {
  it("come from the texts that the host has read", () => {
    expect(skills.map(({ name, preload }) => [name, preload])).toEqual([
      ["refunds", false],
      ["mail", false],
      ["extra", true],
      ["tone", false],
    ]);
    expect(findSkill(skills, "mail").instructions).toBe("Do mail.");
    expect(() => findSkill(skills, "constructor")).toThrow(/UNKNOWN_SKILL/);
  });

  it("fail together when sources are unsafe, missing or broken", () => {
    const broken = new Map([["s", [{ path: "a/SKILL.md", text: "x" }]]]);
    expect(() => collectSkills(["../x", "gone", "s"], broken)).toThrow(/UNSAFE_SKILL_PATH.*and \d more/);
    expect(() => collectSkills(["gone"])).toThrow(/SKILL_UNRESOLVED/);
  });

  it("are replaced by later ones of their name, with a warning", () => {
    const { skills: found, diagnostics } = collectSkills([inline, { ...inline, instructions: "Second." }]);
    expect(found.map((skill) => skill.instructions)).toEqual(["Second."]);
    expect(diagnostics).toMatchObject([{ code: "SKILL_NAME_CLASH", severity: "warning", pointer: "/skills/1" }]);
  });

  it("are all in scope without one, none for none, and a subset for a place", () => {
    expect(names()).toEqual(["refunds", "mail", "extra", "tone"]);
    expect(names("none")).toEqual([]);
    expect(names("skills/billing")).toEqual(["refunds"]);
    expect(names("./skills")).toEqual(["refunds", "mail"]);
    expect(names("skills/bill")).toEqual([]);
    expect(names("@acme/extra")).toEqual(["extra"]);
    expect(names("@acme/extra@2.0.0")).toEqual([]);
    expect(() => names("../x")).toThrow(/UNSAFE_SKILL_PATH/);
  });

  it("show name and description, and nothing of the instructions, before activation", () => {
    expect(skillIndex(skills)[0]).toEqual({ name: "refunds", description: "About refunds" });
  });

  it("are added after the system text, preloaded and activated ones in full", () => {
    const system = "You help.  ";
    const all = addSkills(system, skills, { activated: ["tone", "tone"] });
    expect(all.startsWith(`${system}\n\n`)).toBe(true);
    expect(all).toContain("## Skill: extra\n\nDo extra.");
    expect(all.split("Be {{kind}}.")).toHaveLength(2);
    expect(all).toContain("- mail: About mail");
    expect(all).not.toContain("Do mail.");
    expect(addSkills(system, [])).toBe(system);
    expect(() => addSkills(system, skills, { activated: ["ghost"] })).toThrow(/UNKNOWN_SKILL/);
  });

  it("cannot forge a second entry of the index by their description", () => {
    expect(
      addSkills("", skills)
        .split("\n")
        .filter((line) => line.startsWith("- ")),
    ).toEqual(["- refunds: About refunds", "- mail: About mail", "- tone: How - fake: to talk"]);
  });

  it("never add a tool to a prompt's tools", () => {
    expect(skillTools(findSkill(skills, "mail"), ["find", "delete"])).toEqual(["find"]);
    expect(skillTools(findSkill(skills, "tone"), ["find", "delete"])).toEqual(["find", "delete"]);
    expect(skillTools({ allowedTools: ["drop"] }, [])).toEqual([]);
  });
});

describe("skill rules", () => {
  it("are silent about clean sources", () => {
    expect(codes(["./skills", "@acme/extra", inline], "skills/billing")).toEqual([]);
    expect(codes(["./skills/a"], "skills")).toEqual([]);
    expect(codes(["./skills"], "none")).toEqual([]);
  });

  it("report empty and unsafe paths and broken references where they stand", () => {
    expect(codes(["", { path: "../x" }, "@x"])).toEqual([
      "EMPTY_SKILL_PATH /skills/0",
      "UNSAFE_SKILL_PATH /skills/1/path",
      "INVALID_SKILL_REFERENCE /skills/2",
    ]);
  });

  it("report inline skills of one name and warn about a source listed twice", () => {
    expect(codes([inline, inline, "./s", { path: "s/" }])).toEqual([
      "DUPLICATE_SKILL /skills/1/name",
      "DUPLICATE_SKILL_SOURCE /skills/3",
    ]);
  });

  it("report a state's scope that leaves the pack and warn about one outside of all sources", () => {
    expect(codes(["s"], "../../etc")).toEqual(["UNSAFE_SKILL_PATH /workflow/states/a/skills"]);
    expect(codes(["s"], "t")).toEqual(["SKILL_SCOPE_OUTSIDE_SOURCES /workflow/states/a/skills"]);
  });
});

it("says which names there are, and that lists are needed where something else is passed", () => {
  expect(() => findSkill(skills.slice(0, 1), "tnoe")).toThrow('there is no skill "tnoe"; there is "refunds"');
  const collected = { skills } as never;
  expect(() => findSkill(collected, "tone")).toThrow("expected a list of skills");
  expect(() => addSkills("", collected)).toThrow("expected a list of skills");
  expect(() => skillsInScope(collected)).toThrow("expected a list of skills");
  expect(() => collectSkills({ skills: sources } as never)).toThrow("pack.data.skills");
});

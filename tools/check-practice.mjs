// What OpenSSF Scorecard and SECURITY.md ask of files: looked at here, so that nothing waits for a hosted run. Parts may be named.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { conclude, listFiles, readJson, readText, root } from "./repository.mjs";

const findings = [];
const demand = (holds, otherwise) => holds || findings.push(otherwise);
const workflows = listFiles(".github/workflows").map((path) => ({ path, text: readText(path) }));

const parts = {
  workflows() {
    for (const { path, text } of [...workflows, { path: "action.yml", text: readText("action.yml") }]) {
      for (const [, action] of text.matchAll(/uses: (\S+)/g))
        demand(
          /@[0-9a-f]{40}$/.test(action) || action.startsWith("./"),
          `${path}: ${action} is not pinned to a commit`,
        );
      demand(!/pull_request_target|workflow_run/.test(text), `${path} runs foreign changes with our rights`);
      for (const [, script] of text.matchAll(/run: ?\|?([^]*?)(?=\n {6}- |\n {2}\w|$)/g))
        demand(!script.includes("${{"), `${path}: a script is put together from an expression`);
      if (path !== "action.yml") {
        demand(
          /^permissions:( \{\}|\n {2}contents: read)$/m.test(text),
          `${path} starts with more than contents: read`,
        );
        demand(!/npm install(?! --ignore)/.test(text), `${path} installs what is not locked`);
        demand(
          text.split("actions/checkout@").length === text.split("persist-credentials: false").length,
          `${path} leaves a token behind`,
        );
      }
    }
    for (const [name, what] of Object.entries({
      codeql: "codeql-action/analyze",
      scorecard: "ossf/scorecard-action",
      "dependency-review": "dependency-review-action",
      ci: "pull_request",
      release: "id-token: write",
    }))
      demand(
        workflows.some(({ path, text }) => path.endsWith(`/${name}.yml`) && text.includes(what)),
        `no workflow ${name} with ${what}`,
      );
    const updates = readText(".github/dependabot.yml");
    for (const what of ["npm", "github-actions"])
      demand(updates.includes(`package-ecosystem: ${what}`), `dependabot.yml knows no ${what}`);
    for (const part of updates.split("package-ecosystem:").slice(1))
      demand(part.includes("cooldown:"), `dependabot.yml has no cooldown for ${part.split("\n")[0].trim()}`);
  },
  review() {
    const types = readJson(".github/rulesets/main.json").rules;
    const rule = (name) => types.find(({ type }) => type === name);
    for (const name of ["deletion", "non_fast_forward", "required_signatures", "required_status_checks"])
      demand(rule(name), `main has no rule ${name}`);
    const review = rule("pull_request")?.parameters ?? {};
    demand(review.required_approving_review_count >= 1, "a change needs no approval");
    demand(
      review.require_code_owner_review && review.dismiss_stale_reviews_on_push,
      "an approval needs no owner, or outlives the change",
    );
    demand(/^\* @\S+/m.test(readText(".github/CODEOWNERS")), "nobody owns the code");
    const jobs = workflows.map(({ text }) => text).join("\n");
    for (const { context } of rule("required_status_checks")?.parameters.required_status_checks ?? [])
      demand(
        new RegExp(`^  ${context.split(" ")[0]}:$`, "m").test(jobs),
        `main waits for ${context}, which no workflow runs`,
      );
  },
  promises() {
    const text = readText("SECURITY.md").replaceAll("\n", " ");
    for (const words of [
      "Report a vulnerability",
      "no public issue",
      "2 days",
      "5 working days",
      "10 working days",
      "30 to 90 days",
      "credit",
      "no action against",
      "fair game",
    ])
      demand(text.includes(words), `SECURITY.md says nothing of "${words}"`);
    demand(
      readText(".github/ISSUE_TEMPLATE/config.yml").includes("blank_issues_enabled: false"),
      "anybody is offered a blank public issue",
    );
  },
  files() {
    for (const path of [
      "LICENSE",
      "SECURITY.md",
      "CONTRIBUTING.md",
      "CODE_OF_CONDUCT.md",
      "CHANGELOG.md",
      "ARCHITECTURE.md",
      "package-lock.json",
    ])
      demand(existsSync(join(root, path)), `there is no ${path}`);
    const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" })
      .split("\0")
      .filter(Boolean);
    for (const path of tracked)
      demand(
        !/\.(exe|dll|so|dylib|a|o|class|jar|wasm|node|pyc|zip|gz|tgz)$/.test(path),
        `${path} is a binary that nobody can review`,
      );
    demand(
      listFiles("packages", (path) => path.endsWith(".test.ts")).some((path) =>
        readText(path).includes('from "fast-check"'),
      ),
      "nothing is fuzzed",
    );
  },
};

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
for (const name of wanted) parts[name]();
conclude("practice", findings, `${wanted.join(", ")} in order`);

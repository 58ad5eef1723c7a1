import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { brokenPack, examples, support, useWorkspace } from "../../test/built-program.ts";

const { promptpack, write } = useWorkspace();

describe("promptpack render", () => {
  it("renders with defaults", () => {
    const { code, out, err } = promptpack(["render", support, "support"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("You are a support agent of Lantern Books. You speak with a customer on the free plan.");
    expect(out).toContain("If you do not know something");
    expect(out).not.toContain("{{");
  });

  it("takes the only prompt when none is named, and variables from a file and from the command line", () => {
    const vars = write("vars.json", '{"company": "Acme", "max_sentences": 3}');
    const { out } = promptpack([
      "render",
      support,
      "--vars",
      vars,
      "--var",
      "company=Über & Söhne",
      "--var",
      "plan=plus",
    ]);
    expect(out).toContain("Über & Söhne. You speak with a customer on the plus plan.");
    expect(out).toContain("at most 3 sentences");
    expect(promptpack(["render", support, "--var", "max_sentences=4"]).out).toContain("at most 4 sentences");
    expect(promptpack(["render", support, "--vars", "-"], { input: '{"company":"Piped"}' }).out).toContain("Piped");
  });

  it("applies a model's override and prints the whole request as JSON", () => {
    const { code, out } = promptpack(["render", support, "support", "--model", "claude-haiku", "--format", "json"]);
    const request = JSON.parse(out);
    expect(code).toBe(0);
    expect(request.system).toMatch(/^Think about what the customer really needs/);
    expect(request).toMatchObject({
      parameters: { temperature: 0.2, max_tokens: 600 },
      pack: { id: "customer-support", version: "1.2.0" },
      prompt: { id: "support" },
      model: "claude-haiku",
    });
    expect(request.tools.map(({ name }: { name: string }) => name)).toEqual(["find_order", "open_ticket"]);
  });

  it("names every wrong variable and never its value", () => {
    const { code, out, err } = promptpack([
      "render",
      support,
      "support",
      "--var",
      "plan=hunter2",
      "--var",
      "compny=x",
      "--var",
      "max_sentences=99",
    ]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    for (const part of [
      "NOT_IN_ENUM",
      "UNKNOWN_VARIABLE",
      "TOO_LARGE",
      'did you mean "company"?',
      "--var name=value",
    ]) {
      expect(err).toContain(part);
    }
    expect(err).not.toContain("hunter2");
  });

  it("lists the prompts there are", () => {
    const { code, err } = promptpack(["render", support, "suport"]);
    expect(code).toBe(2);
    expect(err).toContain('did you mean "support"?');
    const sales = join(examples, "sales-assistant.pack.json");
    expect(promptpack(["render", sales])).toMatchObject({
      code: 2,
      err: expect.stringContaining("qualify, follow_up"),
    });
  });

  it("reports a pack that is not valid to standard error", () => {
    const { code, out, err } = promptpack(["render", write("broken.json", brokenPack)]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("UNKNOWN_FIELD");
    expect(promptpack(["render", "gone.json"])).toMatchObject({
      code: 2,
      out: "",
      err: "error: gone.json: no such file or folder\n",
    });
  });

  it("says where a file of variables is no JSON, and never what is in it", () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['{"company": "Acme",\n}', ":2:1: found a comma before the end of an object, which JSON does not allow"],
      ['{"company": hunter2}', ":1:13: found a letter, expected a JSON value"],
      ["[1]", ": not a JSON object"],
    ];
    for (const [text, fault] of wrong) {
      const { code, err } = promptpack(["render", support, "--vars", write("wrong.json", text)]);
      expect(code).toBe(2);
      expect(err).toContain(`error: --vars wrong.json${fault}\n`);
      expect(err).not.toContain("hunter2");
    }
  });

  it("notes that a prompt with overrides has none for the model", () => {
    const { code, err } = promptpack(["render", support, "support", "--model", "claude-hiaku"]);
    expect(code).toBe(0);
    expect(err).toBe(
      'note: the prompt has no overrides for "claude-hiaku"; it has some for claude-haiku, small-local-model\n',
    );
  });

  it("shows characters that act or hide, says so, and keeps them exact in JSON", () => {
    const name = "Acme\x1b]0;x\x07\u202E\n::stop-commands::t\n##[group]";
    const text = promptpack([
      "render",
      support,
      "--vars",
      write("evil.json", JSON.stringify({ company: name.slice(0, 70) })),
    ]);
    expect(text.out).toContain("Acme\\u{1B}]0;x\\u{7}\\u{202E}\n\\u{3A}:stop-commands::t\n#\\u{23}[group]");
    expect(text.err).toContain("--format json is exact");
    const { out } = promptpack(["render", support, "--vars", "evil.json", "--format", "json"]);
    // oxlint-disable-next-line no-control-regex
    expect(out).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(JSON.parse(out).system).toContain(name);
  });
});

import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { examples, support, useWorkspace } from "../../test/built-program.ts";

const { promptpack } = useWorkspace();

describe("promptpack draw", () => {
  const article = join(examples, "article-workflow.pack.json");
  const invoice = join(examples, "invoice-composition.pack.json");

  it("draws a workflow as text or as a picture, and a composition as text", () => {
    expect(promptpack(["draw", article])).toMatchObject({ code: 0, out: expect.stringContaining('-->|"DraftReady"|') });
    expect(promptpack(["draw", article, "--format", "svg"]).out).toMatch(/^<svg [^]*<\/svg>\n$/);
    expect(promptpack(["draw", invoice, "--composition", "process_invoice"]).out).toMatch(/^flowchart TD\n/);
  });

  it.each([
    [[support], /has no workflow[^]*nothing in it can be drawn/],
    [[invoice, "--composition", "x"], /no composition "x"[^]*--composition process_invoice/],
    [[invoice, "--composition", "process_invoice", "--format", "svg"], /mermaid only/],
    [[], /name a pack/],
  ])("says what there is to draw: %j", (args, message) => {
    const { code, out, err } = promptpack(["draw", ...args]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
  });
});

import { safeParsePack } from "promptpack";
import { buildPackData } from "promptpack/testing";
import { describe, expect, it } from "vitest";
import { PolicyError } from "../errors.ts";
import { type Approvals, approveReview } from "./approval.ts";
import { requireApproval } from "./require-approval.ts";
import { reviewPack } from "./review-pack.ts";

const source = new TextEncoder().encode(
  JSON.stringify(buildPackData({ id: "p", prompt: { system_template: "See http://a.example" } })),
);
const report = reviewPack(safeParsePack(source), { source });
const [approvedAt, expiresAt] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-04-01T00:00:00Z")];
const approval = approveReview(report, { reviewer: "Ada", approvedAt, expiresAt });
const approvals: Approvals = { format: 1, approvals: [approval] };
const now = (): number => Date.parse("2026-02-01T00:00:00Z");

const codeOf = (run: () => void): string => {
  try {
    run();
  } catch (error) {
    return PolicyError.isInstance(error) ? error.reason : "another error";
  }
  return "let in";
};

describe("requireApproval", () => {
  it("lets in the very bytes that were approved", () => {
    expect(codeOf(() => requireApproval(approvals, { now })(source, "p.json"))).toBe("let in");
    expect(codeOf(() => requireApproval(JSON.stringify(approvals), { now })(source, "p.json"))).toBe("let in");
  });

  it("refuses any other byte", () => {
    const changed = Uint8Array.from(source);
    changed[changed.length - 10] = 0x21;
    expect(codeOf(() => requireApproval(approvals, { now })(changed, "p.json"))).toBe("APPROVAL_MISSING");
  });

  it("refuses approvals that have expired or that come from somebody else", () => {
    expect(codeOf(() => requireApproval(approvals, { now: () => expiresAt.getTime() })(source, "p.json"))).toBe(
      "APPROVAL_EXPIRED",
    );
    expect(codeOf(() => requireApproval(approvals, { now, reviewers: ["Grace"] })(source, "p.json"))).toBe(
      "APPROVAL_MISSING",
    );
  });

  it("refuses a file that is none, with names twice, or without an expiry", () => {
    for (const text of [
      "",
      "[]",
      "{}",
      '{"format":1,"format":1,"approvals":[]}',
      '{"format":1,"approvals":[{"digest":"sha256:x"}]}',
      JSON.stringify({ format: 1, approvals: [{ ...approval, expiresAt: "later" }] }),
      JSON.stringify({ format: 1, approvals: [{ ...approval, expiresAt: "until 2099" }] }),
      JSON.stringify({ format: 1, approvals: [{ ...approval, expiresAt: approval.approvedAt }] }),
      JSON.stringify({ format: 1, approvals: [{ ...approval, revoked: true }] }),
      JSON.stringify({ format: 1, approvals: [approval], revoked: [approval.digest] }),
      JSON.stringify({ format: 1, approvals: [{ ...approval, reviewer: "" }] }),
      JSON.stringify({ format: 1, approvals: { length: 0 } }),
    ]) {
      expect(codeOf(() => requireApproval(text))).toBe("APPROVAL_INVALID");
    }
  });

  it("does not count for another pack, whatever the approval says that it is about", () => {
    const other = new TextEncoder().encode(new TextDecoder().decode(source).replace('"id":"p"', '"id":"q"'));
    const copied = { ...approval, pack: { id: "q", version: "1.0.0" } };
    expect(codeOf(() => requireApproval({ format: 1, approvals: [copied] }, { now })(other, "q.json"))).toBe(
      "APPROVAL_MISSING",
    );
  });

  it("takes the name of a reviewer for what it is, letter by letter", () => {
    const by = (reviewer: string): string =>
      codeOf(() => requireApproval(approvals, { now, reviewers: [reviewer] })(source, "p.json"));
    expect(by("Ada")).toBe("let in");
    for (const name of ["\u0410da", "ada", "Ada ", "A*", ""]) expect(by(name)).toBe("APPROVAL_MISSING");
  });

  it("lets nothing in when the clock shows no time", () => {
    expect(codeOf(() => requireApproval(approvals, { now: () => Number.NaN })(source, "p.json"))).toBe(
      "APPROVAL_EXPIRED",
    );
  });

  it("names the file in its error, and nothing of the pack", () => {
    expect(() => requireApproval({ format: 1, approvals: [] })(source, "packs/p.json")).toThrow("packs/p.json");
  });
});

describe("approveReview", () => {
  it("writes down what was seen", () => {
    expect(approval).toMatchObject({
      digest: report.pack.digest,
      pack: { id: "p", version: "1.0.0" },
      accepted: [{ rule: "url", severity: "low", pointer: "/prompts/main/system_template" }],
    });
  });

  it("needs bytes, a name and an end", () => {
    expect(() => approveReview(reviewPack(safeParsePack(source)), { reviewer: "Ada", approvedAt, expiresAt })).toThrow(
      TypeError,
    );
    expect(() => approveReview(report, { reviewer: " ", approvedAt, expiresAt })).toThrow(TypeError);
    expect(() => approveReview(report, { reviewer: "Ada", approvedAt, expiresAt: approvedAt })).toThrow(TypeError);
  });
});

import { expect, it } from "vitest";
import { isQuietMember, kindOfMember } from "./provider-members.ts";

it("knows which members of a message hold text, and which never do", () => {
  expect(["text", "thinking", "reasoning_content", "refusal"].map(kindOfMember)).toEqual([
    "text",
    "reasoning",
    "reasoning",
    "refusal",
  ]);
  expect(["annotations", "constructor"].map(kindOfMember)).toEqual([undefined, undefined]);
  expect(["finish_reason", "model_name", "logprobs", "toString"].map(isQuietMember)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

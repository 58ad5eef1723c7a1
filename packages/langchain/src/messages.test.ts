import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import { InputError } from "promptpack";
import { describe, expect, it } from "vitest";
import { convertContentParts, createMultimodalMessage } from "./messages.ts";

const text = { type: "text", text: "See:" } as const;
const file = { type: "document", media: { base64: "REVG", mime_type: "application/pdf", caption: "Deed" } };

describe("content parts", () => {
  it("become standard content blocks, and a single text stays a text", () => {
    expect(convertContentParts([text, file])).toEqual([
      text,
      { type: "file", data: "REVG", mimeType: "application/pdf", metadata: { caption: "Deed" } },
    ]);
    expect(createMultimodalMessage("user", [text]).content).toBe("See:");
    expect(createMultimodalMessage("user", [text, file]).contentBlocks).toHaveLength(2);
  });

  it("become a message of the role, and no other role", () => {
    expect(createMultimodalMessage("user", [text])).toBeInstanceOf(HumanMessage);
    expect(createMultimodalMessage("assistant", [text])).toBeInstanceOf(AIMessage);
    expect(createMultimodalMessage("system", [text])).toBeInstanceOf(SystemMessage);
    expect(() => createMultimodalMessage("pirate" as "user", [text])).toThrow(TypeError);
  });

  it("are refused with every fault, a file path among them", () => {
    const parts = [{ type: "image" }, { type: "image", media: { file_path: "a.png", mime_type: "image/png" } }];
    expect(() => convertContentParts(parts as never)).toThrow(InputError);
    expect(() => convertContentParts([parts[1]] as never)).toThrow(/UNREADABLE_MEDIA/);
    expect(() => convertContentParts([file], { media: { enabled: false } as never })).toThrow(/MEDIA_DISABLED/);
  });
});

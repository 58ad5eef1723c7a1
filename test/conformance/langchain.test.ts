import { describe, expect, it } from "vitest";
import { PromptPackError } from "../../packages/core/src/diagnostics/errors.ts";
import { convertContentParts, createMultimodalMessage, type PartInput } from "../../packages/langchain/src/messages.ts";
import { PromptPackTemplate } from "../../packages/langchain/src/prompt-template.ts";
import { conformanceDir as dir, readConformance } from "./conformance-dir.ts";
import { packOf } from "./pack-of.ts";

interface Case {
  readonly id: string;
  readonly title: string;
  readonly input: {
    readonly op: string;
    readonly role?: "user" | "assistant" | "system";
    readonly parts: readonly PartInput[];
    readonly prompt: object;
    readonly fragments?: Record<string, string>;
    readonly values?: Record<string, unknown>;
    readonly partial?: Record<string, unknown>;
  };
  readonly expect: unknown;
  readonly open?: boolean;
}

/** What RULINGS decide where the vectors are open. */
const DECIDED: Readonly<Record<string, unknown>> = {
  "multimodal-002": { error: "EMPTY_TEXT_PART" }, // ruling 24
  "multimodal-006": { error: "UNREADABLE_MEDIA" }, // ruling 25: only a loader with a root reads it
  "multimodal-007": { error: "EMPTY_TEXT_PART|MISSING_MEDIA" }, // ruling 24
  "multimodal-008": { error: "EMPTY_TEXT_PART|MISSING_MEDIA" }, // ruling 24
  "multimodal-061": { error: "SEVERAL_MEDIA_SOURCES" }, // ruling 24
  "multimodal-068": { error: "UNREADABLE_MEDIA" }, // ruling 25
  "multimodal-069": { error: "SEVERAL_MEDIA_SOURCES" }, // ruling 24
  "multimodal-070": { role: "user", content: [] }, // rulings are silent; both older libraries agree on the empty list
};
const NAMES: Readonly<Record<string, string>> = {
  missing_source: "MISSING_MEDIA_SOURCE",
  invalid_mime: "INVALID_MIME_TYPE|MIME_TYPE_MISMATCH",
  missing_required: "MISSING_VARIABLE",
};
const ROLES: Readonly<Record<string, string>> = { human: "user", ai: "assistant" };

const ops: Readonly<Record<string, (input: Case["input"]) => unknown>> = {
  convert_parts: ({ parts }) => ({ content: convertContentParts(parts) }),
  message: ({ role = "user", parts }) => {
    const message = createMultimodalMessage(role, parts);
    return { role: ROLES[message.getType()] ?? message.getType(), content: message.content };
  },
  messages: async ({ values, ...input }) => {
    const messages = (await templateOf(input).invoke(values ?? {})).toChatMessages();
    return {
      messages: messages.map((message) => ({
        role: ROLES[message.getType()] ?? message.getType(),
        content: message.content,
      })),
    };
  },
  partial: async ({ values, partial, ...input }) => ({
    text: await (await templateOf(input).partial(partial ?? {})).format(values),
  }),
  chat_template: async ({ values, partial, ...input }) => ({
    text: await (await templateOf(input).partial(partial ?? {})).format(values),
  }),
};

const templateOf = (input: Pick<Case["input"], "prompt" | "fragments">): PromptPackTemplate =>
  PromptPackTemplate.fromPack(packOf(input) as never, "main");

async function answer(input: Case["input"]): Promise<unknown> {
  try {
    return await ops[input.op]?.(input);
  } catch (error) {
    if (!PromptPackError.isInstance(error)) throw error;
    return { error: error.code };
  }
}

describe.skipIf(dir === undefined)(
  "vectors in the form of LangChain 1 (skipped without PROMPTPACK_CONFORMANCE_DIR)",
  () => {
    const files = dir === undefined ? [] : ["multimodal.json", "render.json"];
    const cases = files.flatMap((file) => readConformance<{ vectors: readonly Case[] }>("vectors", file).vectors);
    for (const { id, title, input, expect: expected, open } of cases.filter(({ input: { op } }) =>
      Object.hasOwn(ops, op),
    )) {
      it(`${id}: ${title}`, async () => {
        const actual = (await answer(input)) as { error?: string };
        const wanted = (open === true ? DECIDED[id] : expected) as { error?: string };
        expect(wanted).toBeDefined();
        // some expectations leave out the role that the input gives
        if (wanted.error === undefined)
          expect(actual).toEqual(input.op === "message" ? { role: input.role ?? "user", ...wanted } : wanted);
        else expect((NAMES[wanted.error] ?? wanted.error).split("|")).toContain(actual.error);
      });
    }
  },
);

import { expectTypeOf, test } from "vitest";
import type { PromptRequest } from "../messages/message.ts";
import type { Pack } from "../pack/pack.ts";
import { compilePrompt } from "./compile-prompt.ts";
import { renderPrompt } from "./render-prompt.ts";

interface Greeting {
  readonly prompts: { readonly greet: { readonly variables: { readonly name: string }; readonly tools: never } };
  readonly tools: {};
  readonly states: {};
  readonly agents: never;
  readonly metrics: never;
}

declare const pack: Pack;
declare const greeting: Pack<Greeting>;

test("variables are open unless the pack is typed", () => {
  const open = compilePrompt(pack, "main");
  expectTypeOf(renderPrompt(open, { anything: 1 })).toEqualTypeOf<PromptRequest>();
  const narrow = compilePrompt(greeting, "greet");
  renderPrompt(narrow, { name: "Ada" });
  // @ts-expect-error the name is a string
  renderPrompt(narrow, { name: 1 });
  // @ts-expect-error the name is required
  renderPrompt(narrow);
  expectTypeOf(narrow.input["~standard"].types).toEqualTypeOf<
    { readonly input: { readonly name: string }; readonly output: { readonly name: string } } | undefined
  >();
});

test("a typed pack goes wherever a pack goes", () => {
  expectTypeOf(greeting).toExtend<Pack>();
  expectTypeOf(pack).not.toExtend<Pack<Greeting>>();
});

import { expectTypeOf, test } from "vitest";
import type { PromptRequest } from "../messages/message.ts";
import type { Pack } from "../pack/pack.ts";
import { compilePrompt } from "./compile-prompt.ts";
import { renderPrompt } from "./render-prompt.ts";

declare const pack: Pack;

test("variables are open unless they are narrowed", () => {
  const open = compilePrompt(pack, "main");
  expectTypeOf(renderPrompt(open, { anything: 1 })).toEqualTypeOf<PromptRequest>();
  const narrow = compilePrompt<{ readonly name: string }>(pack, "main");
  expectTypeOf(renderPrompt<{ readonly name: string }>)
    .parameter(1)
    .toEqualTypeOf<{ readonly name: string } | undefined>();
  // @ts-expect-error the name is a string
  renderPrompt(narrow, { name: 1 });
  expectTypeOf(narrow.input["~standard"].types).toEqualTypeOf<
    { readonly input: { readonly name: string }; readonly output: { readonly name: string } } | undefined
  >();
});

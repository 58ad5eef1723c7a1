import { Pack } from "../../packages/core/src/pack/pack.ts";
import type { PackData } from "../../packages/core/src/schema/sections/pack.ts";

/** A pack around one prompt, as the behaviour vectors give it. */
export function packOf({
  prompt,
  fragments,
}: {
  readonly prompt: object;
  readonly fragments?: Record<string, string>;
}): Pack {
  const data = {
    id: "vec",
    name: "Vector",
    version: "1.0.0",
    template_engine: { version: "v1", syntax: "{{variable}}" },
    prompts: { main: { id: "main", name: "Main", version: "1.0.0", ...prompt } },
    ...(fragments === undefined ? {} : { fragments }),
  };
  return new Pack(data as unknown as PackData);
}

// A pack that is written in code: the compiler knows its prompts, variables and tools without any generated file.
import assert from "node:assert/strict";
import { checkToolArguments, compilePrompt, definePack, renderPrompt } from "promptpack";
import type { ShapeOfPack, ToolHandlers } from "promptpack/types";

const pack = definePack({
  id: "weather-desk",
  name: "Weather Desk",
  version: "1.0.0",
  template_engine: { version: "v1", syntax: "{{variable}}" },
  prompts: {
    forecast: {
      id: "forecast",
      name: "Forecast",
      version: "1.0.0",
      system_template: "Tell the weather of {{city}} in {{unit}}.",
      variables: [
        { name: "city", type: "string", required: true },
        {
          name: "unit",
          type: "string",
          required: false,
          default: "celsius",
          validation: { enum: ["celsius", "kelvin"] },
        },
      ],
      tools: ["read_station"],
    },
  },
  tools: {
    read_station: {
      name: "read_station",
      description: "Reads a weather station.",
      parameters: { type: "object", properties: { station: { type: "string" } }, required: ["station"] },
    },
  },
});

// Try "forcast", "citty" or "fahrenheit" here: the compiler names what there is.
const request = renderPrompt(compilePrompt(pack, "forecast"), { city: "Bergen", unit: "kelvin" });
assert.equal(request.system, "Tell the weather of Bergen in kelvin.");

const handlers: ToolHandlers<ShapeOfPack<typeof pack>> = {
  read_station: ({ station }) => `${station}: 281`,
};
const { arguments: args } = checkToolArguments(pack.tool("read_station"), '{"station":"Florida"}');
assert.equal(args && handlers.read_station(args), "Florida: 281");
console.log(request.system);

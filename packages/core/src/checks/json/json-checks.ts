import { jsonEquals, type JsonValue } from "../../json/json.ts";
import { checkJsonSchema, type JsonSchema } from "../../schema/check-json-schema.ts";
import { type BindCheck, type Measurement, type Params, PASSED, verdict, whole } from "../check.ts";
import { readPath, selectPath } from "./json-path.ts";
import { jsonOf } from "./json-text.ts";

const NO_JSON: Measurement = { score: 0, explanation: "it is not JSON" };

/** The answer must be JSON. Streams: the whole text is needed. */
export const jsonValid: BindCheck = (params) =>
  whole((subject) => (jsonOf(subject, params) === undefined ? NO_JSON : PASSED));

/** The answer must be JSON that a JSON Schema accepts. Streams: the whole text is needed. */
export const jsonSchema: BindCheck = (params) =>
  whole((subject) => {
    const value = jsonOf(subject, params);
    if (value === undefined) return NO_JSON;
    const faults = checkJsonSchema(params["schema"] as JsonSchema, value);
    return verdict(faults.length === 0, `it breaks its schema in ${faults.length} places`, {
      faults: faults.length,
      pointers: faults.slice(0, 10).map(({ pointer }) => pointer),
    });
  });

/** The values at a path must be as expected. Streams: the whole text is needed. */
export const jsonPath: BindCheck = (params) => {
  const path = readPath(params["expression"] as string);
  if (path === undefined) throw new TypeError("the expression is not a path of names, indexes and wildcards");
  return whole((subject) => {
    const value = jsonOf(subject, params);
    return value === undefined ? NO_JSON : judge(selectPath(path, value), path.includes("*"), params);
  });
};

function judge(values: readonly JsonValue[], many: boolean, params: Params): Measurement {
  const {
    expected,
    contains,
    min,
    max,
    min_results: least,
    max_results: most,
  } = params as { [name: string]: JsonValue | undefined };
  const value = many ? values : values[0];
  const list = Array.isArray(value) ? value : value === undefined ? [] : [value];
  const fault = (text: string): Measurement => ({ score: 0, explanation: text, details: { results: list.length } });
  if (value === undefined || (many && values.length === 0 && least !== 0)) return fault("the path leads nowhere");
  if (expected !== undefined && !jsonEquals(value, expected))
    return fault("the value at the path is not the expected one");
  const wanted = Array.isArray(contains) ? contains : contains === undefined ? [] : [contains];
  if (!wanted.every((item) => list.some((found) => jsonEquals(found, item) || includesText(found, item)))) {
    return fault("the value at the path lacks what it should contain");
  }
  if (typeof min === "number" && !(typeof value === "number" && value >= min))
    return fault(`the number at the path is not ${min} or more`);
  if (typeof max === "number" && !(typeof value === "number" && value <= max))
    return fault(`the number at the path is not ${max} or less`);
  if (typeof least === "number" && list.length < least) return fault(`the path has fewer than ${least} results`);
  if (typeof most === "number" && list.length > most) return fault(`the path has more than ${most} results`);
  return PASSED;
}

const includesText = (found: JsonValue, item: JsonValue): boolean =>
  typeof found === "string" && typeof item === "string" && found.includes(item);

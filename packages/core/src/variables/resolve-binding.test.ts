import { describe, expect, it } from "vitest";
import type { Variable, VariableBinding } from "../schema/sections/prompt.ts";
import { checkVariables } from "./check-variables.ts";
import { type Bindings, isSecretName, resolveBinding } from "./resolve-binding.ts";

const sources = {
  context: { user_id: " Ada ", count: 3, api_key: "k" },
  env: { APP_REGION: "eu", OPENAI_API_KEY: "sk" },
  header: { "X-Tenant": "t", cookie: "sid=1" },
  secret: { "db-password": "hunter2" },
};

const resolve = (binding: VariableBinding, policy: Partial<Bindings> = {}): unknown => {
  const bound = resolveBinding(binding, { sources, ...policy });
  return "value" in bound ? bound.value : undefined;
};

describe("bindings", () => {
  it.each<[string, VariableBinding, Partial<Bindings>, unknown]>([
    ["context needs no list", { kind: "context", field: "user_id" }, {}, " Ada "],
    ["env is denied", { kind: "env", field: "APP_REGION" }, {}, undefined],
    ["env is allowed by name", { kind: "env", field: "APP_REGION" }, { allow: { env: ["APP_REGION"] } }, "eu"],
    ["a star is a name", { kind: "env", field: "APP_REGION" }, { allow: { env: ["*", "APP_*"] } }, undefined],
    [
      "a secret needs a second mark",
      { kind: "env", field: "OPENAI_API_KEY" },
      { allow: { env: ["OPENAI_API_KEY"] } },
      undefined,
    ],
    [
      "with both marks it is read",
      { kind: "env", field: "OPENAI_API_KEY" },
      { allow: { env: ["OPENAI_API_KEY"] }, allowSecrets: { env: ["OPENAI_API_KEY"] } },
      "sk",
    ],
    ["the context's secrets need it too", { kind: "context", field: "api_key" }, {}, undefined],
    [
      "the kind secret is denied",
      { kind: "secret", field: "db-password" },
      { allow: { secret: ["db-password"] } },
      undefined,
    ],
    ["headers have no case", { kind: "header", field: "x-tenant" }, { allow: { header: ["X-TENANT"] } }, "t"],
    ["nor has a refused one", { kind: "header", field: "CoOkIe" }, { allow: { header: ["cookie"] } }, undefined],
    ["unknown kinds have no source", { kind: "file", field: "/etc/passwd" }, {}, undefined],
    ["the prototype is no source", { kind: "__proto__", field: "constructor" }, {}, undefined],
    ["the prototype is no field", { kind: "context", field: "constructor" }, {}, undefined],
    [
      "the filter trim takes white space off both ends",
      { kind: "context", field: "user_id", filter: "trim" },
      {},
      "Ada",
    ],
    [
      "the filter lowercase lowers letters only",
      { kind: "context", field: "user_id", filter: "lowercase" },
      {},
      " ada ",
    ],
    [
      "the filter uppercase raises letters only",
      { kind: "context", field: "user_id", filter: "uppercase" },
      {},
      " ADA ",
    ],
    ["filters leave numbers alone", { kind: "context", field: "count", filter: "trim" }, {}, 3],
    ["an unknown filter binds nothing", { kind: "context", field: "user_id", filter: "rot13" }, {}, undefined],
  ])("%s", (_, binding, policy, expected) => {
    expect(resolve(binding, policy)).toBe(expected);
  });

  const bound = (parts: Partial<Variable> = {}): Variable => ({
    name: "v",
    type: "string",
    required: true,
    binding: { kind: "context", field: "user_id", auto_populate: true, filter: "trim" },
    ...parts,
  });

  it("fills a variable only when the pack and the host both say so", () => {
    const check = (definition: Variable, values: object, bindings?: Bindings): unknown => {
      const { values: checked, diagnostics } = checkVariables(
        [definition],
        { ...values },
        bindings === undefined ? {} : { bindings },
      );
      return diagnostics[0]?.code ?? checked["v"];
    };
    expect(check(bound(), {}, { sources })).toBe("Ada");
    expect(check(bound(), {})).toBe("MISSING_VARIABLE");
    expect(check(bound(), { v: "mine" })).toBe("mine");
    expect(check(bound({ binding: { kind: "context", field: "user_id" } }), {}, { sources })).toBe("MISSING_VARIABLE");
    expect(
      check(bound({ default: "d", binding: { kind: "env", field: "HOME", auto_populate: true } }), {}, { sources }),
    ).toBe("d");
    expect(check(bound({ validation: { max_length: 2 } }), {}, { sources })).toBe("TOO_LONG");
    expect(
      check(
        bound({ binding: { kind: "context", field: "user_id", auto_populate: true, filter: "rot13" } }),
        {},
        { sources },
      ),
    ).toBe("UNKNOWN_FILTER");
  });

  it("does not let a caller replace what the host has bound", () => {
    const { diagnostics } = checkVariables([bound()], { v: "admin" }, { bindings: { sources } });
    expect(diagnostics).toMatchObject([{ code: "BOUND_VARIABLE", pointer: "/v" }]);
    expect(checkVariables([bound()], { v: "Ada" }, { bindings: { sources } }).diagnostics).toEqual([]);
  });

  it("says why a required variable could not be bound, without its value", () => {
    const secret = bound({ binding: { kind: "secret", field: "db-password", auto_populate: true } });
    const { diagnostics } = checkVariables([secret], {}, { bindings: { sources, allow: { secret: ["db-password"] } } });
    expect(diagnostics[0]?.message).toContain("looks like a secret");
    expect(diagnostics[0]?.message).not.toContain("hunter2");
  });

  it("knows the names of secrets from those that only look alike", () => {
    for (const name of [
      "OPENAI_API_KEY",
      "apiKey",
      "accessToken",
      "db-password",
      "Authorization",
      "Cookie",
      "set-cookie",
      "AWS_SECRET_ACCESS_KEY",
      "CREDENTIALS",
      "token",
    ]) {
      expect([name, isSecretName(name)]).toEqual([name, true]);
    }
    for (const name of ["user_id", "monkey", "author", "APP_REGION", "keyboard", "tokenizer", "PATH", "locale"]) {
      expect([name, isSecretName(name)]).toEqual([name, false]);
    }
  });
});

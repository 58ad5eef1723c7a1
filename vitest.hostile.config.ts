import { configDefaults, defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

// The whole suite where no string can become code and no __proto__ can be reached; but for the tests that need the mock of
// sigstore, whose ASN.1 reader reaches for __proto__. The packages of sigstore themselves do not.
export default mergeConfig(
  usual,
  defineConfig({
    test: {
      pool: "forks",
      execArgv: ["--disallow-code-generation-from-strings", "--disable-proto=throw"],
      exclude: [...configDefaults.exclude, "**/sigstore*.test.ts", "**/sign-keyless.test.ts"],
      setupFiles: ["./test/hostile/setup.ts"],
    },
  }),
);

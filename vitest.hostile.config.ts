import { defineConfig, mergeConfig } from "vitest/config";
import usual from "./vitest.config.ts";

// The whole suite where no string can become code and no __proto__ can be reached.
export default mergeConfig(
  usual,
  defineConfig({
    test: {
      pool: "forks",
      execArgv: ["--disallow-code-generation-from-strings", "--disable-proto=throw"],
      setupFiles: ["./test/hostile/setup.ts"],
    },
  }),
);

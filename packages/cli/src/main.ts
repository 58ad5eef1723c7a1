#!/usr/bin/env node
import { run } from "./run.ts";
import { processTerminal } from "./terminal/terminal.ts";

const terminal = processTerminal();
try {
  process.exitCode = await run(process.argv.slice(2), terminal);
} catch (error) {
  terminal.say("error", `promptpack failed: ${error instanceof Error ? `${error.name}: ${error.message}` : "unknown"}`);
  process.exitCode = 2;
}

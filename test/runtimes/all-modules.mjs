// The library as a program on a runtime with packages imports it, YAML included.
import * as core from "promptpack";
import * as fromYaml from "promptpack/yaml";
import * as yaml from "yaml";
import { runChecks } from "./checks.mjs";

export const report = await runChecks(core, { fromYaml, yaml });

// Every check, as a program imports the packages.
import { checks as aiSdk } from "./checks/ai-sdk.mjs";
import { checks as core } from "./checks/core.mjs";
import { checks as langchain } from "./checks/langchain.mjs";
import { checks as security } from "./checks/security.mjs";
import { runChecks } from "./run-checks.mjs";

export const runAllChecks = () => runChecks({ core, security, "ai-sdk": aiSdk, langchain });

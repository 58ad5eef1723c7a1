import { runAllChecks } from "../all-checks.mjs";

document.body.textContent = JSON.stringify(await runAllChecks());

import { report } from "../all-modules.mjs";

document.body.textContent = JSON.stringify(report);

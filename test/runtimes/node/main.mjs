import { report } from "../all-modules.mjs";

console.log(JSON.stringify(report));

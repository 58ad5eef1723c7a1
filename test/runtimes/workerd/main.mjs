import { report } from "../all-modules.mjs";

export default { fetch: () => Response.json(report) };

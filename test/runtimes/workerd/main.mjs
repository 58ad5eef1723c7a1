import { runAllChecks } from "../all-checks.mjs";

export default { fetch: async () => Response.json(await runAllChecks()) };

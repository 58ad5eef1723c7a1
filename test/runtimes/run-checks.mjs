/** Runs sets of checks and returns what the host program prints: how many held, and what failed. */
export async function runChecks(sets) {
  const failures = [];
  let passed = 0;
  for (const [set, checks] of Object.entries(sets)) {
    for (const [name, check] of Object.entries(checks)) {
      try {
        await check();
        passed++;
      } catch (error) {
        failures.push(`${set} ${name}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
      }
    }
  }
  return { passed, failures };
}

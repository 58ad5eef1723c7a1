// Fails every test file when the flags of vitest.hostile.config.ts did not reach the process that runs it.
let generates = true;
try {
  Reflect.construct(Function, ["return 1"]);
} catch {
  generates = false;
}
let reaches = true;
try {
  Reflect.get({}, "__proto__");
} catch {
  reaches = false;
}
if (generates || reaches) throw new Error("this suite must run with the flags of vitest.hostile.config.ts");

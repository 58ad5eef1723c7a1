// What checks are written with; there is no test framework on an edge.

export function equal(actual, expected) {
  const [found, wanted] = [actual, expected].map((value) => JSON.stringify(value) ?? "undefined");
  if (found !== wanted) throw new Error(`expected ${wanted}, got ${found}`);
}

export function thrown(run) {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

export async function rejected(promise) {
  return promise.then(
    () => {
      throw new Error("nothing was thrown");
    },
    (error) => error,
  );
}

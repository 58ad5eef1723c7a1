import { watch } from "node:fs";
import { basename, dirname } from "node:path";

const QUIET = 100; // milliseconds without a change before a file counts as written

/** Calls back after each change of the files, until the process is interrupted. The folders are watched, for editors replace files. */
export function watchFiles(paths: readonly string[], onChange: () => Promise<void>): Promise<void> {
  const folders = new Set(paths.map((path) => dirname(path)));
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let work = Promise.resolve();
    const run = (): void => void (work = work.then(onChange).catch(stop));
    const watchers = [...folders].map((folder) => {
      const watched = new Set(paths.filter((path) => dirname(path) === folder).map((path) => basename(path)));
      return watch(folder, (_event, name) => {
        if (name !== null && !watched.has(name)) return;
        clearTimeout(timer);
        timer = setTimeout(run, QUIET);
      }).on("error", stop);
    });
    const interrupted = (): void => stop();
    process.once("SIGINT", interrupted);

    function stop(error?: unknown): void {
      clearTimeout(timer);
      process.off("SIGINT", interrupted);
      for (const watcher of watchers) watcher.close();
      if (error === undefined) resolve(work);
      else reject(error);
    }
  });
}

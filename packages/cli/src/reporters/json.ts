import { reportJson } from "../terminal/terminal.ts";
import { listFindings, type Reporter } from "./reporter.ts";

/** One JSON document. `format` grows when a field changes its meaning; new fields may come without notice. */
export const json: Reporter = (results, verdict, { write }) => {
  const { exitCode, line: _, tooManyWarnings: __, ...summary } = verdict;
  const files = results.map(({ source, pack, diagnostics, problem }) => {
    const { shown, omitted } = listFindings(diagnostics);
    return {
      file: source.name,
      valid: pack !== undefined,
      ...(pack === undefined
        ? {}
        : { pack: { id: pack.id, version: pack.version, minimumSpecVersion: pack.minimumSpecVersion } }),
      ...(problem === undefined ? {} : { problem }),
      diagnostics: shown,
      ...(omitted === 0 ? {} : { omitted }),
    };
  });
  write(`${reportJson({ format: 1, pass: exitCode === 0, exitCode, summary, files })}\n`);
};

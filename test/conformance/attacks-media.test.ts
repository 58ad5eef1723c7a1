import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InputError } from "../../packages/core/src/diagnostics/errors.ts";
import type { MediaConfig, MultimodalPart } from "../../packages/core/src/schema/sections/media.ts";
import type { MediaRequest, MediaResponse } from "../../packages/core/src/node/fetch-media.ts";
import { readMedia } from "../../packages/core/src/node/read-media.ts";
import { attacksFor } from "./attack-cases.ts";
import { conformanceDir as dir } from "./conformance-dir.ts";

interface StubbedAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly bodyBase64?: string;
  readonly bodyGzipZeros?: number;
  readonly endless?: boolean;
}
interface Case {
  readonly id: string;
  readonly api: string;
  readonly expected: "rejects" | "safe-result";
  readonly note: string;
  readonly mediaConfig: MediaConfig;
  readonly policy?: { readonly allowHosts: readonly string[] };
  readonly stub?: {
    readonly dns?: { readonly [host: string]: readonly string[] };
    readonly http?: { readonly [url: string]: StubbedAnswer };
  };
  readonly check: { readonly maxMs: number; readonly noNetwork?: boolean };
}
interface Materials {
  media(c: Case): MultimodalPart;
  setup(c: Case, root: string): void;
}

async function* bodyOf(answer: StubbedAnswer): AsyncGenerator<Uint8Array> {
  if (answer.bodyBase64 !== undefined) yield Buffer.from(answer.bodyBase64, "base64");
  if (answer.bodyGzipZeros !== undefined) yield gzipSync(Buffer.alloc(answer.bodyGzipZeros));
  while (answer.endless === true) yield new Uint8Array(65_536);
}

function network({ stub }: Case): {
  readonly calls: string[];
  readonly lookup: (host: string) => Promise<readonly string[]>;
  readonly request: (request: MediaRequest) => Promise<MediaResponse>;
} {
  const calls: string[] = [];
  return {
    calls,
    lookup: async (host) => {
      calls.push(`lookup ${host}`);
      return stub?.dns?.[host] ?? [];
    },
    request: async ({ url }) => {
      calls.push(`request ${url}`);
      const answer = stub?.http?.[url] ?? { status: 404, headers: {} };
      return { ...answer, body: bodyOf(answer) };
    },
  };
}

describe.skipIf(dir === undefined)("hostile media (skipped without PROMPTPACK_CONFORMANCE_DIR)", async () => {
  const folder = join(dir ?? "", "attacks");
  const cases = attacksFor<Case>("media");
  const materials: Materials | undefined =
    dir === undefined ? undefined : await import(pathToFileURL(join(folder, "materialize.mjs")).href);

  for (const attack of cases) {
    it(`${attack.id}: ${attack.note}`, { timeout: attack.check.maxMs }, async () => {
      if (materials === undefined) throw new TypeError("no materials");
      const root = mkdtempSync(join(tmpdir(), "promptpack-media-"));
      const { calls, lookup, request } = network(attack);
      try {
        materials.setup(attack, root);
        const allowedHosts = attack.policy?.allowHosts ?? [];
        const reading = readMedia([materials.media(attack)], attack.mediaConfig, {
          root,
          allowedHosts,
          lookup,
          request,
        });
        const outcome = await reading.catch((error: unknown) => error);
        if (attack.expected === "rejects") {
          expect(outcome).toBeInstanceOf(InputError);
          expect((outcome as InputError).message).not.toMatch(/\p{Cc}/u);
        } else {
          expect(outcome).toMatchObject([{ type: "image", media: { mime_type: "image/png" } }]);
        }
        if (attack.check.noNetwork === true) expect(calls).toEqual([]);
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  }
});

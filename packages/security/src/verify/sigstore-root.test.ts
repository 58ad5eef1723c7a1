import { describe, expect, it } from "vitest";
import { libraries, useSignedPack } from "../../test/judge-bundle.ts";
import { startAuthority, type TrustedRoot } from "../../test/sigstore-authority.ts";
import { createBundleVerifier } from "./sigstore.ts";

const signed = useSignedPack();

const withRoot = (edit: (root: TrustedRoot) => void): TrustedRoot => {
  const root = structuredClone(signed.authority.root);
  edit(root);
  return root;
};

describe("a trusted root", () => {
  const past = { start: "2020-01-01T00:00:00Z", end: "2021-01-01T00:00:00Z" };
  const ended = (list: object[]): void => list.forEach((one) => Object.assign(one, { validFor: past }));
  const endedKey = (list: object[]): void =>
    (list as { publicKey: object }[]).forEach(({ publicKey }) => Object.assign(publicKey, { validFor: past }));
  it.each<[string, (root: TrustedRoot) => void]>([
    ["without the certificate authority", (root) => (root.certificateAuthorities = [])],
    ["without the certificate log", (root) => (root.ctlogs = [])],
    ["without the transparency log", (root) => (root.tlogs = [])],
    ["without the time stamp authority", (root) => (root.timestampAuthorities = [])],
    ["whose certificate authority had ended", (root) => ended(root.certificateAuthorities)],
    ["whose time stamp authority had ended", (root) => ended(root.timestampAuthorities)],
    ["whose transparency log had ended", (root) => endedKey(root.tlogs)],
    ["whose certificate log had ended", (root) => endedKey(root.ctlogs)],
    ["whose logs are swapped", (root) => ([root.tlogs, root.ctlogs] = [root.ctlogs, root.tlogs])],
    [
      "whose authorities are swapped",
      (root) =>
        ([root.certificateAuthorities, root.timestampAuthorities] = [
          root.timestampAuthorities,
          root.certificateAuthorities,
        ]),
    ],
  ])("%s trusts nothing", async (_, edit) => {
    expect(await signed.judge(signed.timed, { root: withRoot(edit) })).toBe("BUNDLE_INVALID");
  });

  it("of other authorities trusts nothing, in whole and in part", async () => {
    const other = await startAuthority();
    other.close();
    expect(await signed.judge(signed.timed, { root: other.root })).toBe("BUNDLE_INVALID");
    for (const part of ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"] as const) {
      expect(
        await signed.judge(signed.timed, { root: { ...signed.authority.root, [part]: other.root[part] } }),
        part,
      ).toBe("BUNDLE_INVALID");
      const both = { ...signed.authority.root, [part]: [...other.root[part], ...signed.authority.root[part]] };
      expect(await signed.judge(signed.timed, { root: both }), part).toBe("release");
    }
  });

  it.each([
    ["a text", "nonsense"],
    ["nothing", undefined],
    ["a list", []],
    ["empty", {}],
  ])("that is %s is a mistake of the host", (_, root) => {
    expect(() => createBundleVerifier(libraries, root)).toThrow(TypeError);
  });
});

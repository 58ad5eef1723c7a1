import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// The repository has no advisory yet, so what its tool promises is proven with records of our own.
const repository = fileURLToPath(new URL("../../", import.meta.url));
const { osvFaults, isAffected } = (await import(new URL("../../tools/osv.mjs", import.meta.url).href)) as {
  osvFaults: (record: unknown) => string[];
  isAffected: (version: string, range: { events: object[] }) => boolean;
};

type Json = Record<string, ReturnType<typeof JSON.parse>>;
const record: Json = {
  schema_version: "1.7.0",
  id: "PPSA-2026-0001",
  modified: "2026-12-01T12:00:00Z",
  published: "2026-11-30T09:30:00.5Z",
  aliases: ["CVE-2026-12345", "GHSA-2345-6789-cfgh"],
  summary: "A value is read as a template",
  details: "Only on Thursdays.",
  severity: [{ type: "CVSS_V4", score: "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N" }],
  affected: [
    {
      package: { ecosystem: "npm", name: "promptpack", purl: "pkg:npm/promptpack" },
      ranges: [
        {
          type: "SEMVER",
          events: [{ introduced: "0" }, { fixed: "0.1.1" }, { introduced: "0.2.0" }, { fixed: "0.2.3" }],
        },
      ],
      versions: ["0.1.0", "0.2.2"],
    },
  ],
  references: [{ type: "FIX", url: "https://git.example/commit/1" }],
  credits: [{ name: "anonymous", type: "FINDER" }],
  database_specific: {
    cwe_ids: ["CWE-94"],
    regression_test: "test/security/advisory.test.ts#takes a record that is in order",
    timeline: {
      reported: "2026-11-02",
      answered: "2026-11-03",
      assessed: "2026-11-05",
      lastUpdate: null,
      fixed: "2026-11-30",
    },
  },
};
const changed = (edit: (copy: Json) => void): Json => {
  const copy = structuredClone(record);
  edit(copy);
  return copy;
};
const events = (...list: object[]): Json =>
  changed(({ affected: [one] }) => {
    one.ranges[0].events = list;
    delete one.versions;
  });
const vector = (type: string, score: string): Json => changed((copy) => (copy["severity"] = [{ type, score }]));

describe("an OSV record", () => {
  it("takes a record that is in order", () => {
    expect(osvFaults(record)).toEqual([]);
    expect(osvFaults(changed((copy) => (copy["withdrawn"] = "2026-12-01T00:00:00Z")))).toEqual([]);
    expect(osvFaults({ schema_version: "1.7.0", id: "X-1", modified: "2026-01-01T00:00:00Z" })).toEqual([]);
  });

  it.each<[string, Json]>([
    ["no id", changed((copy) => delete copy["id"])],
    ["no modified", changed((copy) => delete copy["modified"])],
    ["another version of the schema", changed((copy) => (copy["schema_version"] = "2.0.0"))],
    ["an unknown member", changed((copy) => (copy["severty"] = []))],
    ["a date without a time", changed((copy) => (copy["modified"] = "2026-12-01"))],
    ["a date with an offset", changed((copy) => (copy["modified"] = "2026-12-01T12:00:00+01:00"))],
    ["a day that no month has", changed((copy) => (copy["modified"] = "2027-02-30T12:00:00Z"))],
    ["an hour that no day has", changed((copy) => (copy["modified"] = "2026-12-01T25:00:00Z"))],
    ["published after modified", changed((copy) => (copy["published"] = "2026-12-02T00:00:00Z"))],
    ["withdrawn before published", changed((copy) => (copy["withdrawn"] = "2026-11-01T00:00:00Z"))],
    ["withdrawn after modified", changed((copy) => (copy["withdrawn"] = "2027-01-01T00:00:00Z"))],
    ["itself as an alias", changed((copy) => copy["aliases"].push(copy["id"]))],
    ["an alias twice", changed((copy) => copy["aliases"].push(copy["aliases"][0]))],
    ["an alias that is related too", changed((copy) => (copy["related"] = [copy["aliases"][0]]))],
    ["a summary of two lines", changed((copy) => (copy["summary"] = "a\nb"))],
    ["a kind of reference that there is not", changed((copy) => (copy["references"][0].type = "BLOG"))],
    ["a reference that is no https address", changed((copy) => (copy["references"][0].url = "http://a.example"))],
    ["a kind of credit that there is not", changed((copy) => (copy["credits"][0].type = "HERO"))],
    ["a credit without a name", changed((copy) => delete copy["credits"][0].name)],
    ["two severities", changed((copy) => (copy["affected"][0].severity = copy["severity"]))],
    ["a package without a name", changed((copy) => delete copy["affected"][0].package.name)],
    ["the purl of another package", changed((copy) => (copy["affected"][0].package.purl = "pkg:npm/other"))],
    ["a version that is none", changed((copy) => copy["affected"][0].versions.push("v0.1.0"))],
    ["a version twice", changed((copy) => copy["affected"][0].versions.push("0.1.0"))],
    ["a version in no range", changed((copy) => copy["affected"][0].versions.push("0.1.5"))],
    [
      "nothing affected of a package",
      changed((copy) => (copy["affected"][0] = { package: copy["affected"][0].package })),
    ],
    ["no events", events()],
    ["an empty event", events({})],
    ["two kinds in one event", events({ introduced: "0", fixed: "1.0.0" })],
    ["an unknown kind of event", events({ introduced: "0" }, { until: "1.0.0" })],
    ["no beginning", events({ fixed: "1.0.0" })],
    ["an end before its beginning", events({ introduced: "2.0.0" }, { fixed: "1.0.0" })],
    ["an end at its beginning", events({ introduced: "1.0.0" }, { fixed: "1.0.0" })],
    ["an end in a pre-release of its beginning", events({ introduced: "1.0.0" }, { fixed: "1.0.0-rc.1" })],
    ["two beginnings in a row", events({ introduced: "0" }, { introduced: "1.0.0" })],
    ["two ends in a row", events({ introduced: "0" }, { fixed: "1.0.0" }, { fixed: "1.1.0" })],
    [
      "both kinds of end",
      events({ introduced: "0" }, { fixed: "1.0.0" }, { introduced: "2.0.0" }, { last_affected: "2.1.0" }),
    ],
    [
      "ranges out of order",
      events({ introduced: "2.0.0" }, { fixed: "2.1.0" }, { introduced: "1.0.0" }, { fixed: "1.1.0" }),
    ],
    ["a limit on versions", events({ introduced: "0" }, { limit: "1.0.0" })],
    ["a version with a v", events({ introduced: "0" }, { fixed: "v1.0.0" })],
    ["a version of two numbers", events({ introduced: "0" }, { fixed: "1.0" })],
    ["a version with a zero in front", events({ introduced: "0" }, { fixed: "01.0.0" })],
    [
      "commits without a repository",
      changed((copy) => (copy["affected"][0].ranges = [{ type: "GIT", events: [{ introduced: "0" }] }])),
    ],
    ["a vector of another version", vector("CVSS_V4", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")],
    ["a number for a vector", vector("CVSS_V4", "9.8")],
    ["a vector that lacks a metric", vector("CVSS_V4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N")],
    [
      "a vector with a value that there is not",
      vector("CVSS_V4", "CVSS:4.0/AV:X/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N"),
    ],
    ["a vector with a metric twice", vector("CVSS_V3", "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")],
    ["a vector out of order", vector("CVSS_V4", "CVSS:4.0/AC:L/AV:N/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N")],
    ["a vector that goes on", vector("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N/ZZ:1")],
    ["no kind of score", vector("CVSS_V5", "x")],
  ])("is refused with %s", (_, copy) => {
    expect(osvFaults(copy)).not.toEqual([]);
  });

  it("takes vectors of each version, also with threat metrics", () => {
    for (const [type, score] of [
      ["CVSS_V2", "AV:N/AC:L/Au:N/C:P/I:P/A:P"],
      ["CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"],
      ["CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:N/E:P/RL:O"],
      ["CVSS_V4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N/E:A/MSI:S"],
    ] as const)
      expect(osvFaults(vector(type, score)), score).toEqual([]);
  });

  it("says which versions are affected as semantic versions are ordered", () => {
    const range = {
      events: [{ introduced: "1.0.0-rc.2" }, { fixed: "1.0.1" }, { introduced: "1.10.0" }, { last_affected: "1.11.0" }],
    };
    const affected = ["1.0.0-rc.2", "1.0.0-rc.10", "1.0.0", "1.0.1-alpha", "1.10.0", "1.11.0"];
    const safe = ["0.9.9", "1.0.0-rc.1", "1.0.0-beta", "1.0.1", "1.9.9", "1.11.1"];
    expect(affected.filter((version) => isAffected(version, range))).toEqual(affected);
    expect(safe.filter((version) => isAffected(version, range))).toEqual([]);
  });
});

describe("the advisory tool", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "promptpack-advisories-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function advisory(
    action: string,
    source: Json | string | undefined,
    ...more: readonly string[]
  ): { code: number | null; said: string } {
    if (source !== undefined)
      writeFileSync(join(folder, "PPSA-2026-0001.json"), typeof source === "string" ? source : JSON.stringify(source));
    const place = relative(repository, folder);
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(repository, "tools/advisory.mjs"), action, ...more, "--in", place],
      { cwd: repository, encoding: "utf8", timeout: 15_000 },
    );
    return { code: status, said: stdout + stderr };
  }
  const tags = ["--tags", "0.1.1,0.2.3"] as const;

  it("validates a record that is published with a released fix, a test and a credit", () => {
    expect(advisory("validate", record, ...tags)).toMatchObject({
      code: 0,
      said: expect.stringContaining("1 records are valid"),
    });
  });

  it.each<[string, Json | string, string]>([
    [
      "a fix that no tag holds",
      changed(({ affected }) => (affected[0].ranges[0].events[3].fixed = "0.2.4")),
      "no tag v0.2.4",
    ],
    [
      "a package that is not ours",
      changed(({ affected }) => (affected[0].package = { ecosystem: "npm", name: "other" })),
      "not ours",
    ],
    [
      "a fix, and no end",
      changed(({ affected }) => (affected[0].ranges[0].events.pop(), delete affected[0].versions)),
      "no end",
    ],
    ["no credit", changed((copy) => delete copy["credits"]), "credited"],
    ["no CVE", changed((copy) => copy["aliases"].shift()), "CVE"],
    ["no CWE", changed((copy) => (copy["database_specific"].cwe_ids = [])), "CWE"],
    ["no CVSS 4.0", changed((copy) => delete copy["severity"]), "CVSS 4.0"],
    ["no fix to look at", changed((copy) => (copy["references"][0].type = "WEB")), "leads to the fix"],
    [
      "a test that is not there",
      changed((copy) => (copy["database_specific"].regression_test += "!")),
      "names no test",
    ],
    ["no timeline", changed((copy) => delete copy["database_specific"].timeline), "timeline"],
    [
      "no fix before it was published",
      changed((copy) => (copy["database_specific"].timeline.fixed = null)),
      "before it is fixed",
    ],
    ["another file's id", changed((copy) => (copy["id"] = "PPSA-2026-0002")), "not of this file"],
    ["a member twice", JSON.stringify(record).replace("{", '{"id":"PPSA-2026-0001",'), "stands twice"],
    ["what OSV refuses", changed((copy) => (copy["modified"] = "yesterday")), "/modified"],
  ])("refuses %s", (_, source, why) => {
    expect(advisory("validate", source, ...tags)).toMatchObject({ code: 1, said: expect.stringContaining(why) });
  });

  it("fails on the day after each promise, and not before", () => {
    const draft = (timeline: Json): Json =>
      changed(
        (copy) =>
          (copy["database_specific"].timeline = {
            answered: null,
            assessed: null,
            lastUpdate: null,
            fixed: null,
            ...timeline,
          }),
      );
    const at = (timeline: Json, today: string): string => advisory("check", draft(timeline), "--today", today).said;
    const reported = "2026-11-02"; // a Monday
    expect(at({ reported }, "2026-11-04")).toContain("none overdue");
    expect(at({ reported }, "2026-11-05")).toContain("an answer was due on 2026-11-04");
    const answered = "2026-11-03";
    expect(at({ reported, answered }, "2026-11-09")).toContain("none overdue");
    expect(at({ reported, answered }, "2026-11-10")).toContain("an assessment was due on 2026-11-09");
    const assessed = "2026-11-06";
    expect(at({ reported, answered, assessed }, "2026-11-20")).toContain("none overdue");
    expect(at({ reported, answered, assessed }, "2026-11-21")).toContain("an update was due on 2026-11-20");
    const lastUpdate = "2027-01-29";
    expect(at({ reported, answered, assessed, lastUpdate }, "2027-01-31")).toContain("none overdue");
    expect(at({ reported, answered, assessed, lastUpdate }, "2027-02-01")).toContain("a fix was due on 2027-01-31");
    expect(at({ reported, answered, assessed, fixed: "2026-12-01" }, "2028-01-01")).toContain("none overdue");
    expect(
      advisory(
        "check",
        changed((copy) => delete copy["database_specific"]),
      ).code,
    ).toBe(1);
  });

  it("begins a record with its due dates, once", () => {
    const begun = advisory("new", undefined, "PPSA-2026-0001");
    expect(begun).toMatchObject({ code: 0, said: expect.stringContaining("an answer by") });
    expect(advisory("check", undefined).code).toBe(0);
    expect(advisory("validate", undefined).code).toBe(1); // a draft says too little
    expect(advisory("new", undefined, "PPSA-2026-0001").code).not.toBe(0);
    expect(advisory("new", undefined, "../evil").code).not.toBe(0);
  });
});

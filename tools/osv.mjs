// What an OSV record must be, https://ossf.github.io/osv-schema/ version 1.7: its form as a schema, its meaning as rules.
import { checkJsonSchema } from "promptpack";

const text = { type: "string", minLength: 1, maxLength: 100_000 };
const texts = { type: "array", items: text };
const moment = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?Z$" };
const object = (properties, required = []) => ({ type: "object", properties, required, additionalProperties: false });
const list = (items) => ({ type: "array", items });
const free = { type: "object" };
const severity = list(object({ type: { enum: ["CVSS_V2", "CVSS_V3", "CVSS_V4"] }, score: text }, ["type", "score"]));
const event = {
  ...object({ introduced: text, fixed: text, last_affected: text, limit: text }),
  minProperties: 1,
  maxProperties: 1,
};
const range = object(
  {
    type: { enum: ["SEMVER", "ECOSYSTEM", "GIT"] },
    repo: text,
    events: { ...list(event), minItems: 1 },
    database_specific: free,
  },
  ["type", "events"],
);
const schema = object(
  {
    schema_version: { type: "string", pattern: "^1\\.\\d+\\.\\d+$" },
    id: text,
    modified: moment,
    published: moment,
    withdrawn: moment,
    aliases: texts,
    upstream: texts,
    related: texts,
    summary: { type: "string", maxLength: 120, pattern: "^[^\\r\\n]*$" },
    details: { type: "string" },
    severity,
    affected: list(
      object({
        package: object({ ecosystem: text, name: text, purl: text }, ["ecosystem", "name"]),
        severity,
        ranges: list(range),
        versions: texts,
        ecosystem_specific: free,
        database_specific: free,
      }),
    ),
    references: list(
      object(
        {
          type: {
            enum: "ADVISORY ARTICLE DETECTION DISCUSSION REPORT FIX INTRODUCED GIT PACKAGE EVIDENCE WEB".split(" "),
          },
          url: { type: "string", pattern: "^https://[^\\s/]+\\S*$" },
        },
        ["type", "url"],
      ),
    ),
    credits: list(
      object(
        {
          name: text,
          contact: texts,
          type: {
            enum: "FINDER REPORTER ANALYST COORDINATOR REMEDIATION_DEVELOPER REMEDIATION_REVIEWER REMEDIATION_VERIFIER TOOL SPONSOR OTHER".split(
              " ",
            ),
          },
        },
        ["name"],
      ),
    ),
    database_specific: free,
  },
  ["schema_version", "id", "modified"],
);

/** Returns what is wrong with a record, as sentences; nothing when it is in order. */
export function osvFaults(record) {
  const faults = checkJsonSchema(schema, record).map(
    ({ pointer, message }) => `${pointer || "the record"}: ${message}`,
  );
  return faults.length > 0 ? faults : [...meaning(record)];
}

function* meaning({
  id,
  modified,
  published,
  withdrawn,
  aliases = [],
  related = [],
  upstream = [],
  severity: scores = [],
  affected = [],
}) {
  for (const [name, day] of Object.entries({ modified, published, withdrawn }))
    if (day !== undefined && !isMoment(day)) yield `${name} is no day and time that there is`;
  if (published > modified) yield "it was published after it was last modified";
  if (withdrawn !== undefined && (published === undefined || withdrawn < published || withdrawn > modified))
    yield "it was withdrawn before it was published, or after it was last modified";
  const others = [...aliases, ...related, ...upstream];
  if (others.includes(id)) yield "it names itself as another record";
  if (new Set(others).size !== others.length) yield "aliases, related and upstream name a record twice";
  if (scores.length > 0 && affected.some((entry) => entry.severity !== undefined))
    yield "severity is given for the record and for a package: one of the two";
  for (const { type, score } of [...scores, ...affected.flatMap((entry) => entry.severity ?? [])])
    if (!isVector(type, score)) yield `"${score}" is no complete ${type} vector`;
  for (const [at, entry] of affected.entries()) {
    const { package: named, ranges = [], versions = [] } = entry;
    const where = `/affected/${at}`;
    if (named?.purl !== undefined && named.purl !== `pkg:npm/${named.name.replace("@", "%40")}`)
      yield `${where}: the purl is of something else`;
    if (ranges.length === 0 && versions.length === 0) yield `${where}: no range and no version is affected`;
    if (new Set(versions).size !== versions.length) yield `${where}: a version is listed twice`;
    for (const one of ranges) for (const fault of rangeFaults(one)) yield `${where}: ${fault}`;
    const semantic = ranges.filter(({ type }) => type === "SEMVER");
    for (const version of versions) {
      if (parseVersion(version) === undefined) yield `${where}: "${version}" is no version`;
      else if (semantic.length > 0 && !semantic.some((one) => isAffected(version, one)))
        yield `${where}: ${version} is listed, and lies in no range`;
    }
  }
}

function* rangeFaults({ type, repo, events }) {
  const kinds = events.map((one) => Object.keys(one)[0]);
  if (type === "GIT" && repo === undefined) yield "a range of commits names no repository";
  if (type !== "GIT" && kinds.includes("limit")) yield 'only a range of commits has a "limit"';
  if (!kinds.includes("introduced")) yield "no range says where it was introduced";
  if (kinds.includes("fixed") && kinds.includes("last_affected")) yield 'a range has either "fixed" or "last_affected"';
  if (type !== "SEMVER") return;
  let before;
  for (const [at, one] of events.entries()) {
    const [[kind, version]] = Object.entries(one);
    const isZero = kind === "introduced" && version === "0";
    if (!isZero && parseVersion(version) === undefined) yield `"${version}" is no version`;
    else if (kind === "introduced" ? at > 0 && kinds[at - 1] === "introduced" : kinds[at - 1] !== "introduced")
      yield `"${kind}" of ${version} follows ${kinds[at - 1] === undefined ? "nothing" : `"${kinds[at - 1]}"`}: introduced and its end take turns`;
    else if (before !== undefined && !(compareVersions(before, version) < 0))
      yield `${version} stands after ${before} and does not come after it`;
    before = version;
  }
}

/** Returns whether a version lies in a range of semantic versions. */
export function isAffected(version, { events }) {
  let affected = false;
  for (const { introduced, fixed, last_affected: last } of events) {
    if (introduced !== undefined && (introduced === "0" || compareVersions(version, introduced) >= 0)) affected = true;
    if (fixed !== undefined && compareVersions(version, fixed) >= 0) affected = false;
    if (last !== undefined && compareVersions(version, last) > 0) affected = false;
  }
  return affected;
}

/** Returns the parts of a semantic version, or undefined. Source: semver.org 2.0.0. */
function parseVersion(version) {
  const number = "(0|[1-9]\\d*)";
  const match = new RegExp(
    `^${number}\\.${number}\\.${number}(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+[0-9A-Za-z.-]+)?$`,
  ).exec(version);
  const pre = match?.[4]?.split(".") ?? [];
  return match === null || pre.some((part) => /^0\d+$/.test(part))
    ? undefined
    : { numbers: match.slice(1, 4).map(Number), pre };
}

function compareVersions(left, right) {
  if (left === right) return 0;
  if (left === "0" || right === "0") return left === "0" ? -1 : 1;
  const [a, b] = [parseVersion(left), parseVersion(right)];
  if (a === undefined || b === undefined) return Number.NaN;
  for (const at of [0, 1, 2]) if (a.numbers[at] !== b.numbers[at]) return a.numbers[at] - b.numbers[at];
  if (a.pre.length === 0 || b.pre.length === 0) return b.pre.length - a.pre.length;
  for (let at = 0; at < Math.max(a.pre.length, b.pre.length); at++) {
    const [one, other] = [a.pre[at], b.pre[at]];
    if (one === other) continue;
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    const [isNumber, isOtherNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return isNumber ? Number(one) - Number(other) : one < other ? -1 : 1;
  }
  return 0;
}

/** A day that the calendar has: JavaScript would read February 30 as March. */
function isMoment(day) {
  const date = new Date(day);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 19) === day.slice(0, 19);
}

/** By version: the metrics that must be there, in their order, then those that may. Source: first.org. */
const METRICS = {
  CVSS_V2: { head: "", must: "AV:LAN AC:HML Au:MSN C:NPC I:NPC A:NPC", may: "" },
  CVSS_V3: {
    head: "CVSS:3.1/",
    must: "AV:NALP AC:LH PR:NLH UI:NR S:UC C:NLH I:NLH A:NLH",
    may: "E:XUPFH RL:XOTWU RC:XURC CR:XLMH IR:XLMH AR:XLMH MAV:XNALP MAC:XLH MPR:XNLH MUI:XNR MS:XUC MC:XNLH MI:XNLH MA:XNLH",
  },
  CVSS_V4: {
    head: "CVSS:4.0/",
    must: "AV:NALP AC:LH AT:NP PR:NLH UI:NPA VC:HLN VI:HLN VA:HLN SC:HLN SI:HLN SA:HLN",
    may: "E:XAPU CR:XHML IR:XHML AR:XHML MAV:XNALP MAC:XLH MAT:XNP MPR:XNLH MUI:XNPA MVC:XHLN MVI:XHLN MVA:XHLN MSC:XHLN MSI:XHLNS MSA:XHLNS",
  },
};

function isVector(type, score) {
  const { head, must, may } = METRICS[type];
  if (!score.startsWith(head)) return false;
  const metrics = (line) =>
    line
      .split(" ")
      .filter(Boolean)
      .map((metric) => metric.split(":"));
  const [needed, allowed] = [metrics(must), metrics(may)];
  const given = score
    .slice(head.length)
    .split("/")
    .map((part) => part.split(":"));
  const order = [...needed, ...allowed].map(([name]) => name);
  const places = given.map(([name]) => order.indexOf(name));
  return (
    places.every((place, at) => place >= 0 && (at === 0 || place > places[at - 1])) &&
    needed.every(([name], at) => given[at]?.[0] === name) &&
    given.every(([, value], at) => {
      const values = [...needed, ...allowed][places[at]]?.[1] ?? "";
      return value?.length === 1 && values.includes(value);
    })
  );
}

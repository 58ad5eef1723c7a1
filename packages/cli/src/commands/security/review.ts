import { parseDocument } from "promptpack";
import {
  type Approvals,
  approveReview,
  isApprovals,
  isAtLeast,
  reviewPack,
  type ReviewReport,
  reviewRules,
  reviewToCsv,
  reviewToHtml,
  reviewToText,
  type Severity,
  toSarif,
} from "promptpack-security";
import { type Arguments, type Command, type Option, UsageError } from "../../command.ts";
import { readTextIfThere, reportUri, writeText } from "../../files.ts";
import { packOptions } from "../../packs/pack-options.ts";
import { wholeNumber } from "../../parse-arguments.ts";
import { type ReadPack, readPacks } from "../../packs/read-packs.ts";
import { reportJson, type Terminal } from "../../terminal/terminal.ts";
import { version } from "../../version.ts";

interface Reviewed extends ReadPack {
  readonly report: ReviewReport;
}

export const failOn: Option = {
  type: "string",
  value: "severity",
  choices: ["info", "low", "medium", "high", "critical"],
  about: "exit with 1 when a finding is at least this bad",
};

export const review: Command = {
  name: "review",
  summary: "Shows what packs can do and what in them deserves a look, without running anything.",
  positionals: "<file, folder or ->...",
  options: {
    format: {
      type: "string",
      value: "format",
      choices: ["text", "json", "sarif", "html", "csv"],
      about: "how to report",
    },
    "fail-on": failOn,
    approve: { type: "boolean", about: "write down that you have read this and approve the pack, byte for byte" },
    reviewer: { type: "string", value: "name", about: "who approves" },
    days: { type: "string", value: "number", about: "how long the approval holds (default: 90)" },
    approvals: {
      type: "string",
      value: "file",
      about: "where approvals are kept (default: promptpack.approvals.json)",
    },
    ...packOptions,
  },
  examples: [
    ["review support.pack.json", "what it can do, and the findings"],
    ["review packs/ --format sarif --fail-on high > review.sarif", "for code scanning; fails on high and critical"],
    ["review support.pack.json --format html > review.html", "one page that needs nothing else"],
    ["review support.pack.json --approve --reviewer 'Ada <ada@example.com>'", "an approval that a load can require"],
  ],
  run: async (given, terminal) => {
    const approval = given.flag("approve") ? readApproval(given) : undefined;
    const { packs, exitCode } = await readPacks(review, given, terminal);
    const reviewed = packs.map((read): Reviewed => {
      const { pack, bytes, document } = read;
      return { ...read, report: reviewPack(pack, { source: bytes, document }) };
    });
    write(reviewed, given, terminal);
    if (approval !== undefined && exitCode === 0) await approve(reviewed, approval, terminal);
    const threshold = given.text("fail-on") as Severity | undefined;
    const fails =
      threshold !== undefined &&
      reviewed.some(({ report }) => report.worst !== undefined && isAtLeast(report.worst, threshold));
    return exitCode === 0 && fails ? 1 : exitCode;
  },
};

function write(reviewed: readonly Reviewed[], given: Arguments, terminal: Terminal): void {
  const reports = reviewed.map(({ report }) => report);
  switch (given.text("format")) {
    case "json": {
      const files = reviewed.map(({ source, report }) => ({ file: source.name, ...report }));
      terminal.write(`${reportJson(files.length === 1 ? files[0] : files)}\n`);
      break;
    }
    case "sarif": {
      const files = reviewed.map(({ source, report }) => ({ uri: reportUri(source), findings: report.findings }));
      terminal.write(toSarif(files, { version, rules: reviewRules }));
      break;
    }
    case "html":
      if (reports.length > 1) throw new UsageError("--format html shows one pack");
      for (const report of reports) terminal.write(reviewToHtml(report));
      break;
    case "csv":
      terminal.write(reports.map((report, index) => reviewToCsv(report, { header: index === 0 })).join(""));
      break;
    default:
      for (const report of reports) terminal.print(`${reviewToText(report, { paint: terminal.paint })}\n`);
  }
}

interface ApprovalRequest {
  readonly reviewer: string;
  readonly days: number;
  readonly file: string;
}

function readApproval(given: Arguments): ApprovalRequest {
  const reviewer = given.text("reviewer")?.trim() ?? "";
  if (reviewer === "") throw new UsageError("--approve needs --reviewer", "for example --reviewer Ada");
  const days = wholeNumber(given, "days") ?? 90;
  if (days < 1 || days > 3650) throw new UsageError("--days needs a number from 1 to 3650");
  return { reviewer, days, file: given.text("approvals") ?? "promptpack.approvals.json" };
}

async function approve(reviewed: readonly Reviewed[], request: ApprovalRequest, terminal: Terminal): Promise<void> {
  const { reviewer, days, file } = request;
  const approvedAt = new Date();
  const expiresAt = new Date(approvedAt.getTime() + days * 86_400_000);
  const fresh = reviewed.map(({ report }) => approveReview(report, { reviewer, approvedAt, expiresAt }));
  const known = await readApprovals(file);
  const kept = known.approvals.filter(
    (old) => !fresh.some(({ digest }) => digest === old.digest && reviewer === old.reviewer),
  );
  await writeText(file, `${JSON.stringify({ format: 1, approvals: [...kept, ...fresh] }, null, 2)}\n`);
  for (const { pack, digest } of fresh) {
    terminal.say(
      "note",
      `${pack.id} ${pack.version} (${digest}) is approved until ${expiresAt.toISOString()} in ${file}`,
    );
  }
}

async function readApprovals(file: string): Promise<Approvals> {
  const text = await readTextIfThere(file);
  if (text === undefined) return { format: 1, approvals: [] };
  const { data: value } = parseDocument(text);
  if (isApprovals(value)) return value;
  throw new UsageError(`${file} exists and is no file of approvals`);
}

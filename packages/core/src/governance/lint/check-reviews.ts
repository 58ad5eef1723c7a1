import { unknownName } from "../../diagnostics/suggest.ts";
import type { Governance, Review } from "../../schema/sections/governance.ts";
import { checkControlName } from "./check-control.ts";
import { checkTerm } from "./check-term.ts";
import { checkId, checkOwner, checkText } from "./check-text.ts";
import type { LintRun } from "./lint-run.ts";

export function checkReviews(run: LintRun): void {
  const seen = new Set<string>();
  const obligations = obligationIds(run);
  run.own.reviews?.forEach((review, index) => {
    const at = `${run.root}/reviews/${index}`;
    checkId(run, "DUPLICATE_REVIEW", seen, review.id, at);
    checkReview(run, review, at);
    review.satisfies?.forEach((name, position) => {
      if (obligations.has(name)) return;
      const place = `${at}/satisfies/${position}`;
      run.report("UNKNOWN_OBLIGATION", place, ...unknownName("obligation", name, obligations));
    });
  });
}

function checkReview(run: LintRun, { type, owner, cadence, eval: evalId }: Review, at: string): void {
  checkText(run, type, `${at}/type`);
  checkText(run, owner, `${at}/owner`);
  checkOwner(run, owner, `${at}/owner`);
  checkTerm(run, type, `${at}/type`);
  if (!/[1-9]/.test(cadence))
    run.report("ZERO_CADENCE", `${at}/cadence`, "a review that recurs after no time never comes due");
  checkControlName(run, "eval", evalId, `${at}/eval`);
}

// An agent that replaces the obligations keeps the pack's reviews, which may name what it dropped (R358).
export function checkInheritedReviews(run: LintRun, reviews: Governance["reviews"]): void {
  if (run.own.obligations === undefined || run.own.reviews !== undefined) return;
  const obligations = obligationIds(run);
  reviews?.forEach(({ id, satisfies = [] }, index) => {
    for (const name of satisfies) {
      if (obligations.has(name)) continue;
      const message = `the inherited review "${id}" satisfies "${name}", which is not among these`;
      run.report("UNKNOWN_OBLIGATION", `${run.root}/obligations`, message, {
        related: [{ pointer: `/metadata/governance/reviews/${index}`, message: "the inherited review" }],
      });
    }
  });
}

function obligationIds(run: LintRun): Set<string> {
  return new Set(run.effective.obligations?.map(({ id }) => id));
}

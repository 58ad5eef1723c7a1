/** The triggers that an event fires. Source: RFC 0006, schema guide, R125. */
export const triggersOf: { readonly [event: string]: readonly string[] } = {
  turn: ["every_turn", "sample_turns"],
  session: ["on_session_complete", "sample_sessions"],
  conversation: ["on_conversation_complete"],
  workflow_step: ["on_workflow_step"],
};

/** The operators of thresholds. Source: R136. */
export const thresholdOperators: { readonly [operator: string]: (score: number, value: number) => boolean } = {
  gte: (score, value) => score >= value,
  lte: (score, value) => score <= value,
  gt: (score, value) => score > value,
  lt: (score, value) => score < value,
  eq: (score, value) => score === value,
};

import { html } from "../encode.ts";
import type { Finding } from "../finding.ts";

/** Returns the HTML of one finding. */
export function findingCard({ rule, severity, message, pointer, span, excerpt }: Finding): string {
  const place = `${span === undefined ? "" : `line ${span.start.line} · `}${pointer === "" ? "the whole pack" : pointer}`;
  return [
    `<section class="card ${severity}"><span class="badge ${severity}">${severity}</span> <strong>${html(rule)}</strong>`,
    `<p>${html(message)}</p>`,
    `<p class="dim">${html(place)}</p>`,
    ...(excerpt === undefined ? [] : [`<pre>${html(excerpt)}</pre>`]),
    "</section>",
  ].join("\n");
}

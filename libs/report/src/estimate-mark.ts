import { html, Html } from '@primatrix/charts';
import type { Estimate, ReportMember } from './report-data.ts';

/** Told apart by their form: a circle, a square, a diamond. */
const forms: Readonly<Record<ReportMember['kind'], Html>> = {
  net: new Html('<circle r="4"/>'),
  stacker: new Html('<rect x="-3.6" y="-3.6" width="7.2" height="7.2"/>'),
  ensemble: new Html('<path d="M0 -5.4L5.4 0L0 5.4L-5.4 0Z"/>'),
};

/** Where an estimate lies between `low` and `high`, with one standard error to each side: for a cell of a table. */
export function estimateMark({ value, error }: Estimate, low: number, high: number, kind: ReportMember['kind']): Html {
  const x = (at: number) =>
    Math.round((6 + ((Math.min(high, Math.max(low, at)) - low) / Math.max(1e-12, high - low)) * 148) * 10) / 10;
  const bar = error === null ? '' : html`<path d="M${x(value - error)} 8H${x(value + error)}"/>`;
  return html`<svg class="estimate ${kind}" viewBox="0 0 160 16" width="160" height="16" aria-hidden="true">${bar}<g transform="translate(${x(value)} 8)">${forms[kind]}</g></svg>`;
}

import { confusionTable } from './confusion-table.ts';
import { html, Html } from './html.ts';
import { learningCurve } from './learning-curve.ts';
import type { ReportData } from './report-data.ts';

// Blue and orange of Okabe and Ito's palette: told apart with every kind of colour blindness, and in print by the dashes.
const style = new Html(`:root{color-scheme:light dark;--ink:light-dark(#1b1f24,#e6e8ea);--paper:light-dark(#fff,#15181b);--faint:light-dark(#d5dae0,#3a4148);--blue:#0072b2;--orange:#d55e00}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{margin-bottom:.2rem}h2{margin-top:2.2rem}
table{border-collapse:collapse}th,td{padding:.25rem .7rem;text-align:left;border-bottom:1px solid var(--faint)}td.n{text-align:right;font-variant-numeric:tabular-nums}
tr.best td,tr.best th{font-weight:700}.scroll{overflow-x:auto}
.warning{border-left:4px solid var(--orange);padding:.5rem .9rem;background:color-mix(in srgb,var(--orange) 9%,transparent);margin:.5rem 0}
.curves{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:1rem}figure{margin:0}figcaption{font-size:.85rem}
svg{width:100%;height:auto}svg text{font-size:11px;fill:var(--ink)}.grid{stroke:var(--faint)}path{fill:none;stroke-width:1.5}
path.valid{stroke:var(--blue)}path.train{stroke:var(--orange);stroke-dasharray:4 3;opacity:.75}
.confusion td{text-align:right;min-width:2rem;border:1px solid var(--faint);background:color-mix(in srgb,var(--blue) calc(var(--share)*70%),transparent)}
.turned{vertical-align:bottom;height:8rem;padding:.2rem}.turned span{writing-mode:vertical-rl;transform:rotate(180deg)}
code{font-size:.85em;overflow-wrap:anywhere}@media print{body{max-width:none}}`);

/** The report as one page that needs nothing else: no scripts, no fonts, no network. */
export function renderReport(data: ReportData): string {
  const best = Math.min(...data.members.map((member) => member.logLoss));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Primatrix report: ${data.dataset.name}</title><style>${style}</style></head><body>
<h1>${data.dataset.name}</h1>
<p>Profile ${data.profile}, ${data.classes.length} classes, ${data.folds} folds grouped by site, seed ${data.seed}. ${data.clips.labelled} labelled clips, ${data.clips.test} test clips, ${data.clips.other} others.</p>
${data.warnings.map((warning) => html`<p class="warning">${warning}</p>`)}
<h2>Scores</h2>
<p>On out-of-fold predictions: each labelled clip is predicted by models that did not see it, nor any clip of its site where sites are known. Stackers stop training where these predictions are best, which flatters them a little.</p>
<div class="scroll"><table><thead><tr><th>model</th><th>kind</th><th>log loss</th><th>accuracy</th><th>weight</th></tr></thead><tbody>
${data.members.map((member) => html`<tr class="${member.logLoss === best ? 'best' : ''}"><th>${member.name}</th><td>${member.kind}</td><td class="n">${member.logLoss.toFixed(4)}</td><td class="n">${(100 * member.accuracy).toFixed(1)} %</td><td class="n">${member.weight === null ? '' : member.weight.toFixed(2)}</td></tr>`)}
</tbody></table></div>
<h2>What is taken for what</h2>
<p>The ensemble's highest class against the truth, out of fold.</p>
<div class="scroll">${confusionTable(data.classes, data.confusion)}</div>
<h2>Learning curves</h2>
<div class="curves">${data.curves.map(learningCurve)}</div>
<h2>Clips that could not be read wholly</h2>
${data.faults.length === 0 ? html`<p>None.</p>` : html`<div class="scroll"><table><thead><tr><th>clip</th><th>status</th><th>reason</th></tr></thead><tbody>${data.faults.map((fault) => html`<tr><td>${fault.filename}</td><td>${fault.status}</td><td>${fault.reason}</td></tr>`)}</tbody></table></div>`}
<h2>Versions</h2>
<div class="scroll"><table><thead><tr><th>part</th><th>version</th><th></th></tr></thead><tbody>${data.versions.map((part) => html`<tr><td>${part.name}</td><td>${part.version}</td><td><code>${part.note}</code></td></tr>`)}</tbody></table></div>
<p>Dataset digest <code>${data.dataset.digest}</code></p>
</body></html>
`.markup;
}

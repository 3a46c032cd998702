import { html, nameText, type Html } from '@primatrix/charts';
import { lossText, percentText, pointsText } from './number-text.ts';
import type { Estimate, ReportData } from './report-data.ts';

/** Warnings that stand open: more would push the results away. */
const mostWarnings = 6;

/** What the page is about, and its four most important figures; warnings that nobody may overlook. */
export function pageHeader(data: ReportData): Html {
  const { dataset, profile, classes, clips, folds, seed, siteCount, members, mistakeCount, untrained, warnings } = data;
  const [ensemble] = members;
  return html`<header><p class="kind">Primatrix training report</p><h1>${nameText(dataset.name)}</h1>
<p>${counted(clips.labelled, 'labelled clip')} of ${counted(classes.length, 'class', 'classes')}${siteCount === 0 ? '' : ` from ${counted(siteCount, 'site')}`}; ${counted(clips.test, 'test clip')}, ${counted(clips.other, 'other')}. Profile ${profile}, ${folds} folds${siteCount === 0 ? '' : ' that keep sites together'}, seed ${seed}.</p>
${untrained.map(({ feature, note, readBy }) => html`<p class="warning loud" role="alert"><b>${feature}: ${note}</b> Scores of ${readBy.length === 0 ? 'the second level' : readBy.join(', ')} and of everything that depends on ${readBy.length === 1 ? 'it' : 'them'} say little of what trained weights would give.</p>`)}
${warnings.slice(0, mostWarnings).map(warningText)}
${warnings.length <= mostWarnings ? '' : html`<details><summary>${warnings.length - mostWarnings} more warnings</summary>${warnings.slice(mostWarnings).map(warningText)}</details>`}
${
  ensemble === undefined
    ? ''
    : html`<dl class="tiles">
${tile('log loss', ensemble.logLoss, lossText, html`knowing only how common each class is: ${lossText(data.shareLogLoss)}`)}
${tile('accuracy', ensemble.accuracy, percentText, html`${mistakeCount} of ${counted(ensemble.clips, 'clip')} taken for another class`)}
${tile('mean average precision', { value: meanOf(ensemble.averagePrecision), error: null }, percentText, html`over ${counted(classes.length, 'class', 'classes')}`)}
${typeof data.siteCheck === 'string' ? '' : tile('site leakage', data.siteCheck.difference.accuracy, pointsText, html`of accuracy that a quick model gains when clips of the same site are in both training and validation`)}
</dl><p class="aside">The ensemble, out of fold. ± one standard error${siteCount > 1 ? ', from the spread between sites' : ''}.</p>`
}</header>`;
}

function warningText(warning: string): Html {
  return html`<p class="warning">${warning}</p>`;
}

function tile(name: string, { value, error }: Estimate, text: (value: number) => string, note: Html): Html {
  return html`<div><dt>${name}</dt><dd><b>${text(value)}</b>${error === null ? '' : html` <span class="error-text">± ${text(error)}</span>`}<br><span class="aside">${note}</span></dd></div>`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

function meanOf(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
}

import { html, Html, nameText, type HtmlValue } from '@primatrix/charts';
import { createHash } from 'node:crypto';
import { backgroundTable } from './background-table.ts';
import { classTable } from './class-table.ts';
import { confusionTable, mixUpTable } from './confusion-table.ts';
import { dataTable } from './data-table.ts';
import { importanceBars } from './importance-bars.ts';
import { learningCurve } from './learning-curve.ts';
import { mistakeGallery } from './mistake-gallery.ts';
import { pageHeader } from './page-header.ts';
import { pageStyle } from './page-style.ts';
import { reliabilityDiagram, reliabilityTable } from './reliability-diagram.ts';
import type { ReportData } from './report-data.ts';
import { scoreTable } from './score-table.ts';
import { siteCheckPlot } from './site-check-plot.ts';
import { siteTable } from './site-table.ts';
import { sortScript } from './sort-script.ts';
import { sourceMarks } from './source-marks.ts';
import { thresholdCurve, thresholdTable } from './threshold-curve.ts';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/**
 * The report as one page that needs nothing else: pictures and script are inside, and its policy forbids the browser to
 * fetch anything. The same data give the same bytes.
 */
export function renderReport(data: ReportData): string {
  const sections = sectionsOf(data);
  const script = new Html(sortScript);
  // Should a name ever get past the escaping, it could neither run nor fetch anything.
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${createHash('sha256').update(sortScript).digest('base64')}'`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Primatrix report: ${data.dataset.name}</title><style>${new Html(pageStyle)}</style></head><body>
${pageHeader(data)}
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main>${sections.map(
    ({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-head"><h2 id="${id}-head">${title}</h2>
${body}</section>`,
  )}</main>
<script>${script}</script></body></html>
`.markup;
}

function sectionsOf(data: ReportData): Section[] {
  const { classes, members, siteCheck, thresholds } = data;
  const section = (id: string, title: string, ...body: HtmlValue[]): Section => ({
    id,
    title,
    body: html`${body.map((part) => html`${part}`)}`,
  });
  const errors =
    data.siteCount > 1
      ? 'one standard error, from the spread between sites, as clips of one site are not independent'
      : 'one standard error, from the spread between clips';
  return [
    section(
      'scores',
      'Scores',
      html`<p>On out-of-fold predictions: each labelled clip is predicted by models that did not see it${data.siteCount === 0 ? '' : ', nor any clip of its site where sites are known'}. Log loss is the mean over classes, lower is better; ± is ${errors}. Stackers stop training where these predictions are best, which flatters them a little.</p>`,
      html`<div class="scroll">${scoreTable(members)}</div><h3>Average precision by class</h3><div class="scroll">${classTable(classes, data.positives, members)}</div>`,
    ),
    ...(data.backgrounds === undefined
      ? []
      : [
          section(
            'background',
            'With and without the background of each site',
            html`<p>What a site looks like to an encoder where nothing moves and no detector sees anything is taken off its vectors; no label is needed. Each net was trained twice, over the vectors as they are (with) and over the rest (without), on the same ${data.siteCount === 0 ? 'folds' : 'folds by site'}.</p><div class="scroll">${backgroundTable(data.backgrounds)}</div>`,
          ),
        ]),
    section('folds', 'Random folds beside folds by site', siteCheckBody(siteCheck)),
    section(
      'confusion',
      'Confusion matrix',
      html`<p>The ensemble's likeliest class (columns) against the truth (rows), out of fold: clips, and their share of the row. A clip of several classes counts once. Framed: right.</p><div class="row"><div class="scroll">${confusionTable(classes, data.confusion)}</div><div class="scroll">${mixUpTable(classes, data.confusion)}</div></div>`,
    ),
    section(
      'mistakes',
      'Most confident mistakes',
      data.mistakes.length === 0
        ? html`<p>None: every labelled clip's likeliest class is one that it shows.</p>`
        : html`<p>${data.mistakes.length} of ${data.mistakeCount} clips whose likeliest class is not among their labels, the most confident first, with the frame that differs most from the rest of the clip. Check them: some labels may be wrong.</p>${peopleNote(data)}${mistakeGallery(data.mistakes)}`,
    ),
    section(
      'reliability',
      'Do probabilities mean what they say?',
      html`<p>Of all predictions of about 30 %, 30 % should come true. The larger a mark, the more predictions it stands for. Calibrations are fitted on all folds but the one that they are judged on.</p><div class="beside"><div>${reliabilityDiagram(data.reliability)}</div><div class="scroll high">${reliabilityTable(data.reliability)}</div></div>`,
    ),
    section('thresholds', 'Clips you can skip', thresholdBody(thresholds)),
    section(
      'sites',
      'By site',
      data.sites.length === 0
        ? html`<p>No sites are known: name them in <code>clips.csv</code> (columns <code>filename</code>, <code>site</code>), or clips of one site are split between training and validation and scores are flattered.</p>`
        : html`<p>Each site's clips were predicted by models that saw no clip of that site. The least accurate first.</p><div class="scroll high">${siteTable(data.sites)}</div>`,
    ),
    section(
      'importance',
      'What the stackers use',
      html`<p>Each stacker's own measure of how much a column helped, as a share of all its columns, mean over folds.</p><div class="figures">${importanceFigures(data)}</div>`,
    ),
    section(
      'curves',
      'Learning curves',
      data.curves.length === 0
        ? html`<p>No net was trained.</p>`
        : html`<p>One pair of lines a fold; the number of a fold stands at the epoch whose weights were kept.</p><div class="figures">${data.curves.map(learningCurve)}</div>`,
    ),
    section(
      'faults',
      'Clips that could not be read wholly',
      data.faults.length === 0
        ? html`<p>None.</p>`
        : html`<div class="scroll high">${dataTable(
            [
              { head: 'clip', cell: ({ filename }) => nameText(filename) },
              { head: 'status', cell: ({ status }) => status },
              { head: 'reason', cell: ({ reason }) => html`<span class="words">${reason}</span>` },
            ],
            data.faults,
            { caption: 'Clips that could not be read wholly', sortable: true },
          )}</div>`,
    ),
    section(
      'versions',
      'Versions and digests',
      html`<div class="scroll">${dataTable(
        [
          { head: 'part', cell: ({ name }) => nameText(name) },
          { head: 'version', cell: ({ version }) => version },
          { head: 'what it is', cell: ({ note }) => note },
        ],
        data.versions,
        { caption: 'Versions' },
      )}</div>`,
      html`<h3>Digests (sha256)</h3><div class="scroll">${dataTable(
        [
          { head: 'of', cell: ({ name }) => name },
          { head: 'digest', cell: ({ digest }) => html`<code>${digest}</code>` },
          { head: '', cell: ({ note }) => note },
        ],
        data.digests,
        { caption: 'Digests' },
      )}</div>`,
    ),
  ];
}

function peopleNote({ peopleBlurred }: ReportData): Html {
  return peopleBlurred
    ? html`<p class="aside">People are blurred where the detector saw them. Look through the pictures before you share this page.</p>`
    : html`<p class="aside">People are not blurred: no detector looked for them. Look through the pictures before you share this page.</p>`;
}

function thresholdBody(thresholds: ReportData['thresholds']): Html {
  if (typeof thresholds === 'string') return html`<p>${thresholds}</p>`;
  const { blank, people, confidence } = thresholds;
  const apart =
    people.length === 0
      ? ''
      : html` Clips of ${people.map((name, i) => html`${nameText(name)}${i < people.length - 1 ? ', ' : ''}`)} count as no animal's.`;
  return html`<p>Clips that are surely ${nameText(blank)} can be skipped, at the price of some animals.${apart} <b>Plain</b> thresholds keep to the target on these clips; on others they lose more about half the time. <b>Careful</b> ones keep to it with ${Math.round(100 * confidence)} % confidence; "at most" is that bound.</p><div class="beside"><div class="scroll">${thresholdTable(thresholds)}</div><div>${thresholdCurve(thresholds)}</div></div>`;
}

function siteCheckBody(check: ReportData['siteCheck']): Html {
  if (typeof check === 'string') return html`<p>${check}</p>`;
  return html`<div class="beside"><div><p>Clips of one site look alike. Where a site is split between training and validation, a model can learn the site instead of the animal, and its score promises more than it will keep at a new site.</p>
<p>Compared: one quick model (${check.model}), trained twice on the same ${check.clips} labelled clips of ${check.sites} sites in ${check.folds} folds: once with each site in one fold, once with clips dealt at random. It sees ${check.columns} columns: metadata, summary columns, and mean and deviation over the frames of each feature, but no net's prediction. Its number of rounds is fixed, so that neither kind of folds is flattered by early stopping.</p>
<p>The nets and the ensemble were trained on folds by site only: what they would gain on random folds may be more or less.</p><details><summary>Settings</summary><code>${check.settings}</code></details></div><div>${siteCheckPlot(check)}</div></div>`;
}

function importanceFigures({ importance }: ReportData): Html {
  const colour = sourceMarks(importance.flatMap(({ sources }) => sources.map(({ source }) => source)));
  return html`${importance.map((stacker, i) => importanceBars(stacker, colour, i))}`;
}

import { html, nameText, type Html } from '@primatrix/charts';
import { percentText } from './number-text.ts';
import type { ReportMistake } from './report-data.ts';

/** The clips that the ensemble was surest of, and wrong: what to look at first, in the model and in the labels. */
export function mistakeGallery(mistakes: readonly ReportMistake[]): Html {
  return html`<ul class="gallery">${mistakes.map(card)}</ul>`;
}

function card({ filename, labels, predicted, probability, labelProbability, site, thumbnail }: ReportMistake): Html {
  const names =
    labels.length === 0
      ? html`no class`
      : html`${labels.map((label, i) => html`${nameText(label)}${i < labels.length - 1 ? ',' : ''}`)}`;
  return html`<li>${picture(filename, thumbnail)}
<p><b>taken for ${nameText(predicted)}</b><span class="n">${percentText(probability)}</span></p>
<p><span>labelled ${names}</span><span class="n">${labelProbability === null ? '' : percentText(labelProbability)}</span></p>
<p class="aside">${nameText(filename)}${site === null ? '' : html`, site ${nameText(site)}`}</p></li>`;
}

function picture(filename: string, thumbnail: Uint8Array | null): Html {
  if (thumbnail === null) return html`<div class="nothing">no picture</div>`;
  return html`<img src="data:image/jpeg;base64,${Buffer.from(thumbnail).toString('base64')}" alt="frame of ${filename}" decoding="async">`;
}

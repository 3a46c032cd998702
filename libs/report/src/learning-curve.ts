import { html, type Html } from './html.ts';
import type { LearningCurve } from './report-data.ts';

const width = 360;
const height = 200;
const margin = { left: 44, right: 10, top: 10, bottom: 28 };

/** Losses over epochs: training dashed, validation solid, one pair of lines a fold. */
export function learningCurve({ net, folds }: LearningCurve): Html {
  const points = folds.flatMap((fold) => fold.epochs);
  const epochs = Math.max(1, ...points.map((point) => point.epoch));
  const highest = Math.max(0.01, ...points.map((point) => Math.max(point.loss, point.validLoss)));
  const x = (epoch: number) => margin.left + ((epoch - 1) / Math.max(1, epochs - 1)) * (width - margin.left - margin.right);
  const y = (loss: number) => height - margin.bottom - (loss / highest) * (height - margin.top - margin.bottom);
  const line = (of: (point: (typeof points)[number]) => number, list: typeof points) =>
    list.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.epoch).toFixed(1)} ${y(of(point)).toFixed(1)}`).join('');
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => share * highest);
  return html`<figure>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Learning curves of ${net}">
${ticks.map((tick) => html`<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(tick)}" y2="${y(tick)}" class="grid"/><text x="${margin.left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick.toFixed(2)}</text>`)}
${folds.map((fold) => html`<path d="${line((point) => point.loss, [...fold.epochs])}" class="train"/><path d="${line((point) => point.validLoss, [...fold.epochs])}" class="valid"/>`)}
<text x="${margin.left}" y="${height - 8}">1</text><text x="${width - margin.right}" y="${height - 8}" text-anchor="end">epoch ${epochs}</text>
</svg>
<figcaption><b>${net}</b>: binary cross-entropy by epoch, one line a fold. Solid: validation; dashed: training.</figcaption>
</figure>`;
}

import { html, type Html, PlotArea } from '@primatrix/charts';
import { dataTable } from './data-table.ts';
import { figure } from './figure.ts';
import { lossText } from './number-text.ts';
import type { Epoch, LearningCurve } from './report-data.ts';

/** Points a line has at most: more than the plot has pixels would only make the page larger. */
const mostPoints = 160;

/** Losses over epochs: training dashed, validation solid, one pair of lines a fold; the epoch kept is numbered by its fold. */
export function learningCurve({ net, folds }: LearningCurve, index: number): Html {
  const points = folds.flatMap((fold) => fold.epochs);
  const plot = new PlotArea(
    { label: 'epoch', low: 1, high: Math.max(2, ...points.map((point) => point.epoch)) },
    {
      label: 'binary cross-entropy',
      low: 0,
      high: Math.max(0.01, ...points.map((point) => Math.max(point.loss, point.validLoss))),
    },
  );
  const line = (epochs: readonly Epoch[], of: (epoch: Epoch) => number) =>
    plot.line(thinned(epochs).map((epoch) => [epoch.epoch, of(epoch)]));
  const kept = folds.flatMap(({ fold, epochs }) => {
    const best = bestEpoch(epochs);
    return best === undefined ? [] : [{ fold, epochs: epochs.length, best }];
  });
  return figure({
    id: `curve-${index}`,
    title: `learning curves of ${net}`,
    description: kept
      .map(
        ({ fold, best }) => `Fold ${fold}: lowest validation loss ${lossText(best.validLoss)} at epoch ${best.epoch}.`,
      )
      .join(' '),
    width: plot.width,
    height: plot.height,
    marks: html`${plot.axes()}
${folds.map((fold) => html`<path class="train" d="${line(fold.epochs, (epoch) => epoch.loss)}"/><path class="valid" d="${line(fold.epochs, (epoch) => epoch.validLoss)}"/>`)}
${kept.map(({ fold, best }) => html`<circle class="kept" cx="${plot.x(best.epoch)}" cy="${plot.y(best.validLoss)}" r="6.5"/><text class="mark" x="${plot.x(best.epoch)}" y="${plot.y(best.validLoss) + 3}" text-anchor="middle">${fold}</text>`)}`,
    caption: html`<b>${net}</b> <span class="key"><svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="valid" d="M0 4H26"/></svg> validation</span> <span class="key"><svg class="swatch" viewBox="0 0 26 8" aria-hidden="true"><path class="train" d="M0 4H26"/></svg> training</span>`,
    table: dataTable(
      [
        { head: 'fold', cell: ({ fold }) => `${fold}`, number: ({ fold }) => fold },
        { head: 'epochs', cell: ({ epochs }) => `${epochs}`, number: ({ epochs }) => epochs },
        { head: 'epoch kept', cell: ({ best }) => `${best.epoch}`, number: ({ best }) => best.epoch },
        {
          head: 'validation loss there',
          cell: ({ best }) => lossText(best.validLoss),
          number: ({ best }) => best.validLoss,
        },
        { head: 'training loss there', cell: ({ best }) => lossText(best.loss), number: ({ best }) => best.loss },
      ],
      kept,
      { caption: `Epochs of ${net} by fold` },
    ),
  });
}

function bestEpoch(epochs: readonly Epoch[]): Epoch | undefined {
  return epochs.reduce<Epoch | undefined>(
    (best, epoch) => (best === undefined || epoch.validLoss < best.validLoss ? epoch : best),
    undefined,
  );
}

/** Evenly spaced epochs, with the first, the last and the one that was kept. */
function thinned(epochs: readonly Epoch[]): readonly Epoch[] {
  const step = Math.ceil(epochs.length / mostPoints);
  const best = bestEpoch(epochs);
  return epochs.filter((epoch, i) => i % step === 0 || i === epochs.length - 1 || epoch === best);
}

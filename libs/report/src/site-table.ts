import { html, nameText, type Html } from '@primatrix/charts';
import { dataTable } from './data-table.ts';
import { lossText, percentText } from './number-text.ts';
import type { ReportSite } from './report-data.ts';

/** How the ensemble did at each site, with bars; the worst first. */
export function siteTable(sites: readonly ReportSite[]): Html {
  const mostClips = Math.max(1, ...sites.map(({ clips }) => clips));
  const highest = Math.max(1e-12, ...sites.map(({ logLoss }) => logLoss));
  return dataTable(
    [
      { head: 'site', cell: ({ site }) => nameText(site) },
      {
        head: 'clips',
        cell: ({ clips }) => withBar(`${clips}`, clips / mostClips, 'c7'),
        number: ({ clips }) => clips,
        first: 'descending',
      },
      {
        head: 'accuracy',
        cell: ({ accuracy }) => withBar(percentText(accuracy), accuracy, 'c0'),
        number: ({ accuracy }) => accuracy,
      },
      {
        head: 'log loss',
        cell: ({ logLoss }) => withBar(lossText(logLoss), logLoss / highest, 'c1'),
        number: ({ logLoss }) => logLoss,
        first: 'descending',
      },
    ],
    [...sites].sort((a, b) => a.accuracy - b.accuracy || b.logLoss - a.logLoss || (a.site < b.site ? -1 : 1)),
    { caption: 'The ensemble by site, out of fold', sortable: true },
  );
}

function withBar(text: string, share: number, colour: string): Html {
  return html`<span class="with-bar">${text}<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${colour}" width="${(100 * share).toFixed(1)}" height="10"/></svg></span>`;
}

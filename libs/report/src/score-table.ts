import { html, nameText, type Html } from '@primatrix/charts';
import { dataTable, type TableColumn } from './data-table.ts';
import { estimateMark } from './estimate-mark.ts';
import { estimateText, lossText, percentText } from './number-text.ts';
import type { Estimate, ReportMember } from './report-data.ts';

/** Scores of every net, stacker and the ensemble, best first, with where they lie among each other. */
export function scoreTable(members: readonly ReportMember[]): Html {
  const ends = members.flatMap(({ logLoss: { value, error } }) => [value - (error ?? 0), value + (error ?? 0)]);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const best = Math.min(...members.map((member) => member.logLoss.value));
  const estimate = (
    head: string,
    of: (member: ReportMember) => Estimate,
    text: (value: number) => string,
    first?: 'descending',
  ): TableColumn<ReportMember> => ({
    head,
    cell: (member) => estimateText(of(member), text),
    number: (member) => of(member).value,
    ...(first === undefined ? {} : { first }),
  });
  const share = (head: string | Html, of: (member: ReportMember) => number | null): TableColumn<ReportMember> => ({
    head,
    cell: (member) => shareText(of(member)),
    number: of,
    first: 'descending',
  });
  return dataTable<ReportMember>(
    [
      { head: 'model', cell: ({ name }) => nameText(name) },
      { head: 'kind', cell: ({ kind }) => kind },
      estimate('log loss', ({ logLoss }) => logLoss, lossText),
      {
        head: html`${lossText(low)} <span class="aside">to</span> ${lossText(high)}`,
        cell: ({ logLoss, kind }) => estimateMark(logLoss, low, high, kind),
        number: ({ logLoss }) => logLoss.value,
      },
      estimate('accuracy', ({ accuracy }) => accuracy, percentText, 'descending'),
      share('top\u00a03', ({ top3 }) => top3),
      share(html`<span class="wrap">mean average precision</span>`, ({ averagePrecision }) => mean(averagePrecision)),
      share('weight', ({ weight }) => weight),
      { head: 'clips', cell: ({ clips }) => `${clips}`, number: ({ clips }) => clips, first: 'descending' },
    ],
    [...members].sort((a, b) => a.logLoss.value - b.logLoss.value),
    {
      caption: 'Scores on out-of-fold predictions',
      sortable: true,
      rowClass: (member) => (member.logLoss.value === best ? 'best' : ''),
    },
  );
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function shareText(share: number | null): string {
  return share === null ? '–' : percentText(share);
}

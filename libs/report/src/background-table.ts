import { nameText, type Html } from '@primatrix/charts';
import { dataTable, type TableColumn } from './data-table.ts';
import { estimateText, lossText, percentText } from './number-text.ts';
import type { BackgroundScore, Estimate, ReportBackground } from './report-data.ts';

/** Scores of nets with and without the background of each site, and the difference clip by clip. */
export function backgroundTable(backgrounds: readonly ReportBackground[]): Html {
  const columns = (
    what: string,
    of: (row: ReportBackground) => BackgroundScore,
    text: (value: number) => string,
  ): TableColumn<ReportBackground>[] => {
    const column = (head: string, score: (row: ReportBackground) => Estimate): TableColumn<ReportBackground> => ({
      head,
      cell: (row) => estimateText(score(row), text),
      number: (row) => score(row).value,
    });
    return [
      column(`${what} with`, (row) => of(row).asTheyAre),
      column('without', (row) => of(row).without),
      column('difference', (row) => of(row).difference),
    ];
  };
  return dataTable(
    [
      { head: 'net', cell: ({ net }) => nameText(net) },
      ...columns('log loss', ({ logLoss }) => logLoss, lossText),
      ...columns('accuracy', ({ accuracy }) => accuracy, percentText),
      { head: 'clips', cell: ({ clips }) => `${clips}`, number: ({ clips }) => clips },
    ],
    backgrounds,
    { caption: 'Scores with and without the background of each site' },
  );
}

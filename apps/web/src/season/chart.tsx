import { standaloneSvg, type Html } from '@primatrix/charts';
import { say } from '../language/language.ts';

interface ChartProps {
  readonly title: string;
  /** Of the files, without ending. */
  readonly name: string;
  readonly chart: Html;
  /** The numbers, a line a row, the first one names the columns. */
  readonly table: readonly (readonly (string | number)[])[];
}

/** A chart with the ways to take it along: as a picture, and as numbers. */
export function Chart({ title, name, chart, table }: ChartProps) {
  return (
    <figure className="chart">
      {/* Made by our own library, which escapes what clips and people say. */}
      <div
        className="scroll"
        tabIndex={0}
        role="region"
        aria-label={title}
        dangerouslySetInnerHTML={{ __html: chart.markup }}
      />
      <figcaption className="row">
        <button type="button" onClick={() => save(`${name}.svg`, 'image/svg+xml', standaloneSvg(chart))}>
          {'SVG'}
          <span className="hidden"> {say.season.fileOf(title)}</span>
        </button>
        <button type="button" onClick={() => save(`${name}.csv`, 'text/csv', table.map(csvLine).join(''))}>
          {'CSV'}
          <span className="hidden"> {say.season.fileOf(title)}</span>
        </button>
      </figcaption>
    </figure>
  );
}

function csvLine(cells: readonly (string | number)[]): string {
  return `${cells.map((cell) => cellText(cell)).join(',')}\n`;
}

/** Quoted where it must be; what a spreadsheet would take for a formula is told from one by an apostrophe. */
function cellText(cell: string | number): string {
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function save(name: string, type: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

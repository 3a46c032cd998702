import { groupEvents, isBlankClass } from '@primatrix/dataset';
import type { ClipRow } from './clip-row.ts';
import type { ClipTable } from './clip-table.ts';

/** One place in a list of clips: a clip, or an event that stands for its clips. */
export interface ListEntry {
  /** The clip shown. */
  readonly row: ClipRow;
  /** The clips that pass the filters, in order of time; null where the clip stands for itself, not in an open event. */
  readonly event: { readonly id: string; readonly rows: readonly ClipRow[]; readonly open: boolean } | null;
}

/** The events of all clips, by their pauses; kept until a clip changes. */
export class ClipEvents {
  private readonly table: ClipTable;
  private last:
    { readonly gap: number; readonly version: number; readonly eventOf: ReadonlyMap<ClipRow, string> } | undefined;

  constructor(table: ClipTable) {
    this.table = table;
  }

  /**
   * Puts events into the place of their first clip.
   * @param rows clips that pass the filters, in their order
   * @param gap minutes without a clip that end an event
   * @param open the event whose clips are shown
   */
  entries(rows: readonly ClipRow[], gap: number, open: string | undefined): ListEntry[] {
    const eventOf = this.events(gap);
    const blank = this.table.classes.findIndex(isBlankClass);
    const groups = new Map<string, ClipRow[]>();
    for (const row of rows) {
      const id = eventOf.get(row) ?? row.id;
      const group = groups.get(id);
      if (group === undefined) groups.set(id, [row]);
      else group.push(row);
    }
    const entries: ListEntry[] = [];
    for (const [id, group] of groups) {
      const [only, second] = group;
      if (only !== undefined && second === undefined) entries.push({ row: only, event: null });
      else {
        const event = { id, rows: group.sort((a, b) => a.moment - b.moment), open: id === open };
        for (const row of event.open ? group : [tellingOf(group, blank)]) entries.push({ row, event });
      }
    }
    return entries;
  }

  /** Names of events, those of their first clip, by clip. */
  private events(gap: number): ReadonlyMap<ClipRow, string> {
    const { version } = this.table;
    if (this.last?.gap === gap && this.last.version === version) return this.last.eventOf;
    const clips = [...this.table.rows()].map((row) => ({
      row,
      site: row.site,
      start: row.moment,
      end: row.moment + (row.metadata?.durationSeconds ?? 0) * 1000,
    }));
    const eventOf = new Map<ClipRow, string>();
    for (const { clips: inside } of groupEvents(clips, gap)) {
      for (const { row } of inside) eventOf.set(row, inside[0].row.id);
    }
    this.last = { gap, version, eventOf };
    return eventOf;
  }
}

/**
 * The clip that stands for an event: one of which a person said what it shows, else the one of whose animals the models are surest.
 * @param blank index of the class that says that there is no animal
 */
function tellingOf(rows: readonly ClipRow[], blank: number): ClipRow {
  const weight = ({ review, top, confidence }: ClipRow): number => {
    if (review !== null) return review.decision === 'blank' ? -1 : review.species.length > 0 ? 2 : 0;
    return top < 0 || top === blank ? -1 : confidence;
  };
  return rows.reduce((best, row) => (weight(row) > weight(best) ? row : best));
}

import type { FirstLevelRecord } from './first-level-record.ts';

/** What the clips before and after a clip tell of it: all of its record that must be in memory for all clips of a run. */
export interface NeighbourClip extends Pick<
  FirstLevelRecord,
  'filename' | 'site' | 'capturedAt' | 'modifiedAt' | 'orderedAt'
> {
  /** [classes] by net, of the nets that the bundle's neighbours read. */
  readonly nets: Readonly<Record<string, readonly number[]>>;
}

/** The first-level records of a run in their order; hundreds of thousands of them would not fit into memory. */
export interface FirstLevelRecords {
  readonly clips: readonly NeighbourClip[];
  /** The records from `start` up to but without `end`, which may be beyond the last. */
  read(start: number, end: number): Promise<readonly FirstLevelRecord[]>;
}

/** A record without what only its own prediction reads. */
export function neighbourClip(
  { filename, site, capturedAt, modifiedAt, orderedAt, nets }: FirstLevelRecord,
  read: readonly string[],
): NeighbourClip {
  return {
    filename,
    site,
    capturedAt,
    modifiedAt,
    ...(orderedAt === undefined ? {} : { orderedAt }),
    nets: Object.fromEntries(read.flatMap((name) => (Object.hasOwn(nets, name) ? [[name, nets[name] ?? []]] : []))),
  };
}

/** Few records, which are in memory. */
export function recordsInMemory(records: readonly FirstLevelRecord[]): FirstLevelRecords {
  return { clips: records, read: async (start, end) => records.slice(start, end) };
}

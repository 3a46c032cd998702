import { sep } from 'node:path';
import type { Review } from '@primatrix/review-api';
import type { Suggestion } from '../suggestions/suggest-messages.ts';
import type { SettingPatch } from '../project/review-entry.ts';
import {
  keptMetadata,
  momentOf,
  nameKeyOf,
  newRow,
  searchedOf,
  unlooked,
  type ClipRow,
  type KeptPrediction,
  type PredictAgain,
  type ProjectClip,
  type ProvisionalPrediction,
  type ClipEntry,
  type Move,
  type Removal,
  type Setting,
} from './clip-row.ts';

/** Where and when a clip was taken, as the log of clips has it. */
type Origin = Pick<ProjectClip, 'site' | 'capturedAt' | 'coordinates'>;

/** All clips of the project in memory, in the order in which they were added: what filters and pages look at. */
export class ClipTable {
  readonly classes: readonly string[];
  private readonly nets: ReadonlySet<string>;
  private readonly byId = new Map<string, ClipRow>();
  private readonly byName = new Map<string, ClipRow>();
  /** Clips that were removed, with all that is known of them: they may come back. */
  private readonly away = new Map<string, ClipRow>();
  /** Paths by id of clips whose files were deleted with them. */
  readonly deleted = new Map<string, string>();
  /** By id, of clips of which people said something else: as the log of clips has them, and what was said. */
  private readonly origins = new Map<string, Origin>();
  private readonly said = new Map<string, SettingPatch>();
  private readonly uploads: string;
  /** Grows with every change. */
  version = 0;

  /**
   * @param nets names of the members that are nets: their opinions are compared
   * @param uploads folder of the clips that were uploaded into the project
   */
  constructor(classes: readonly string[], nets: readonly string[], uploads: string) {
    this.classes = classes;
    this.nets = new Set(nets);
    this.uploads = uploads + sep;
  }

  get size(): number {
    return this.byId.size;
  }

  rows(): Iterable<ClipRow> {
    return this.byId.values();
  }

  get(id: string): ClipRow | undefined {
    return this.byId.get(id);
  }

  named(filename: string): ClipRow | undefined {
    return this.byName.get(filename);
  }

  /** A clip that was removed, and may come back. */
  removed(id: string): ClipRow | undefined {
    return this.away.get(id);
  }

  /** Adds a clip; one that was removed comes back under the name, site and time that it has now. */
  add(clip: ProjectClip): void {
    const fresh = newRow(clip, clip.path.startsWith(this.uploads));
    const before = this.away.get(clip.id);
    const row =
      before === undefined
        ? fresh
        : {
            ...before,
            ...clip,
            nameKey: fresh.nameKey,
            searched: fresh.searched,
            ...(clip.capturedAt === null ? {} : { moment: fresh.moment, statedTime: fresh.statedTime }),
          };
    this.away.delete(clip.id);
    this.deleted.delete(clip.id);
    this.byId.set(clip.id, row);
    this.byName.set(clip.filename, row);
    this.version += 1;
    const said = this.said.get(clip.id);
    if (said === undefined) return;
    this.origins.set(clip.id, originOf(clip));
    this.settle(clip.id, said);
  }

  remove({ id, deleted }: Removal): void {
    const row = this.byId.get(id);
    if (row === undefined) return;
    this.byId.delete(id);
    if (this.byName.get(row.filename) === row) this.byName.delete(row.filename);
    if (deleted === true) this.deleted.set(id, row.path);
    else this.away.set(id, row);
    this.version += 1;
  }

  /** Takes another place and name of a clip's file. */
  moveFile({ id, moved, filename }: Move): void {
    const row = this.known(id);
    if (row === undefined) return;
    if (this.byName.get(row.filename) === row) {
      this.byName.delete(row.filename);
      this.byName.set(filename, row);
    }
    Object.assign(row, {
      path: moved,
      filename,
      nameKey: nameKeyOf(filename),
      searched: searchedOf({ ...row, filename }),
    });
    this.version += 1;
  }

  /** Takes where and when a clip was taken; a time that is taken back is known again once the clip has been weighed. */
  set({ id, site, capturedAt }: Setting): void {
    const row = this.known(id);
    if (row === undefined) return;
    Object.assign(row, {
      site,
      searched: searchedOf({ ...row, site }),
      capturedAt,
      moment: momentOf(capturedAt),
      statedTime: capturedAt,
    });
    this.version += 1;
  }

  /** Where and when a clip was taken, before people said something else. */
  originOf(row: ClipRow): Origin {
    return this.origins.get(row.id) ?? originOf(row);
  }

  /** Where a clip stands that is about to be added. */
  siteOf({ id, site }: ProjectClip): string | null {
    const said = this.said.get(id)?.site;
    return said === undefined ? site : said;
  }

  /** Takes all that people say of where and when a clip was taken: what they do not say is as it was before anybody did. */
  settle(id: string, patch: SettingPatch): void {
    const row = this.known(id);
    if (row === undefined) return;
    const origin = this.originOf(row);
    if (Object.keys(patch).length === 0) {
      this.said.delete(id);
      this.origins.delete(id);
    } else {
      this.said.set(id, patch);
      this.origins.set(id, origin);
    }
    const { site = origin.site, capturedAt = origin.capturedAt } = patch;
    const coordinates = patch.coordinates === undefined ? origin.coordinates : (patch.coordinates ?? undefined);
    if (site !== row.site) Object.assign(row, { site, searched: searchedOf({ ...row, site }) });
    if (capturedAt !== row.capturedAt) {
      const statedTime = capturedAt ?? row.fileTime;
      Object.assign(row, { capturedAt, statedTime, moment: momentOf(statedTime) });
    }
    const { timeFrom = null, zone = null, localClock = false } = patch;
    Object.assign(row, { coordinates, timeFrom, zone, localClock });
    this.version += 1;
  }

  /** Takes a line of the log of clips. */
  take(entry: ClipEntry): void {
    if ('removed' in entry) this.remove(entry);
    else if ('set' in entry) this.set(entry);
    else if ('moved' in entry) this.moveFile(entry);
    else this.add(entry);
  }

  /** What is known of a clip is to be made again. */
  again({ clip, again }: PredictAgain): void {
    const row = this.known(clip);
    if (row === undefined) return;
    if (again === 'all') Object.assign(row, unlooked(row));
    row.again = again;
    this.version += 1;
  }

  private known(id: string): ClipRow | undefined {
    return this.byId.get(id) ?? this.away.get(id);
  }

  /** Takes the review of a clip that counts; undefined: none does any more. */
  review(clip: string, review: Review | undefined): void {
    const row = this.known(clip);
    if (row === undefined) return;
    row.review = review === undefined || review.decision === 'open' ? null : review;
    row.note = review?.note ?? '';
    this.version += 1;
  }

  /** Takes what reviewed clips suggest of others; clips that are not among them have no suggestion any more. */
  suggest(suggestions: ReadonlyMap<string, Suggestion>): void {
    for (const row of this.byId.values()) row.suggestion = suggestions.get(row.id) ?? null;
    this.version += 1;
  }

  /** Takes what the nets alone say; the mean of them stands in for the ensemble. */
  provisional(id: string, { outcome, metadata, capturedAt, nets, seen, heard }: ProvisionalPrediction): void {
    const row = this.byId.get(id);
    if (row === undefined) return;
    const members = new Map(Object.entries(nets).map(([name, values]) => [name, Float64Array.from(values)]));
    const mean =
      members.size === 0
        ? null
        : Float64Array.from(
            this.classes,
            (_, c) => [...members.values()].reduce((sum, values) => sum + (values[c] ?? 0), 0) / members.size,
          );
    Object.assign(row, {
      outcome,
      metadata: keptMetadata(metadata),
      moment: momentOf(row.capturedAt ?? capturedAt),
      seen: seen ?? null,
      heard: heard ?? null,
      state: outcome.status === 'failed' ? 'failed' : 'provisional',
    });
    this.setProbabilities(row, mean, members);
  }

  /** Takes what all say. */
  predicted({ clip, prediction, capturedAt, metadata, backdrop }: KeptPrediction): void {
    const row = this.known(clip);
    if (row === undefined) return;
    const { outcome, sha256, probabilities, members, seen, heard } = prediction;
    Object.assign(row, {
      outcome,
      sha256,
      metadata,
      // What was said since goes before what was known when it was weighed.
      moment: momentOf(row.capturedAt ?? capturedAt),
      statedTime: row.capturedAt ?? capturedAt,
      fileTime: row.capturedAt === null ? capturedAt : row.fileTime,
      again: null,
      seen: seen ?? null,
      heard: heard ?? null,
      backdrop: backdrop === undefined ? null : new Uint8Array(Buffer.from(backdrop, 'base64')),
      state: outcome.status === 'failed' ? 'failed' : 'predicted',
    });
    this.setProbabilities(
      row,
      probabilities === null ? null : Float64Array.from(probabilities),
      new Map(Object.entries(members).map(([name, values]) => [name, Float64Array.from(values)])),
    );
  }

  private setProbabilities(
    row: ClipRow,
    probabilities: Float64Array | null,
    members: ReadonlyMap<string, Float64Array>,
  ): void {
    row.probabilities = probabilities;
    row.members = members;
    row.confidence = probabilities === null ? 0 : Math.max(...probabilities);
    row.top = probabilities === null ? -1 : probabilities.indexOf(row.confidence);
    row.disagreement = this.disagreement(members);
    this.version += 1;
  }

  /** How far the two nets that differ most lie apart on any class; of all members where there are not two nets. */
  private disagreement(members: ReadonlyMap<string, Float64Array>): number | null {
    const nets = [...members].filter(([name]) => this.nets.has(name)).map(([, values]) => values);
    const opinions = nets.length > 1 ? nets : [...members.values()];
    if (opinions.length < 2) return null;
    let widest = 0;
    for (let c = 0; c < this.classes.length; c++) {
      let [low, high] = [1, 0];
      for (const opinion of opinions) {
        const value = opinion[c] ?? 0;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      widest = Math.max(widest, high - low);
    }
    return widest;
  }
}

function originOf({ site, capturedAt, coordinates }: ProjectClip): Origin {
  return { site, capturedAt, ...(coordinates === undefined ? {} : { coordinates }) };
}

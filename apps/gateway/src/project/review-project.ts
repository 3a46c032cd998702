import { basename, dirname, join, resolve } from 'node:path';
import { DurableLog, makeFolder, removeStaleTemporaries, sha256Bytes } from '@primatrix/files';
import type { InputFile } from '@primatrix/prediction';
import type { Source, SourcePlace } from '../prediction/source.ts';
import type { Added, Progress, Project } from '@primatrix/review-api';
import type { TraceContext } from '@primatrix/telemetry';
import { z } from 'zod';
import { ClipChanges, workerClip } from './clip-changes.ts';
import { ProjectReviews } from './project-reviews.ts';
import { Turns } from './turns.ts';
import { StampReading } from './stamp-proposals.ts';
import {
  keptMetadata,
  keptPredictionSchema,
  predictAgainSchema,
  clipEntrySchema,
  type ClipRow,
  type KeptPrediction,
  type PredictAgain,
  type ProjectClip,
  type ClipEntry,
} from '../clips/clip-row.ts';
import { ClipTable } from '../clips/clip-table.ts';
import { EventFeed } from '../http/event-feed.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { ProjectPeople } from '../people/project-people.ts';
import { SecondOpinions } from '../people/second-opinions.ts';
import { PredictionRun, type WorkerHandle } from '../prediction/prediction-run.ts';
import type { WorkerPrediction } from '../prediction/worker-messages.ts';

/** Folder of the pages' state inside a project folder. */
export const projectFolder = 'primatrix-review';

/** What a {@link ReviewProject} is opened with. */
export interface ReviewProjectOptions {
  /** Folder in which {@link projectFolder} lies. */
  readonly folder: string;
  /** What predicts. */
  readonly source: Source;
  /** Clips that a project may have. */
  readonly maxClips: number;
  readonly now: () => Date;
  /** Starts what predicts; it keeps its records in the file given. */
  readonly startWorker: (records: string, place: SourcePlace, alone: boolean) => WorkerHandle;
}

/** A file that is to be a clip of the project, with what a table says of it. */
export interface AddedFile extends InputFile {
  /** As the table states it, with a zone or without. */
  readonly statedTime?: string;
  readonly coordinates?: ProjectClip['coordinates'] | null;
}

/** Clips, what was predicted of them and what people said, in memory and durably on the disk. */
export class ReviewProject implements AsyncDisposable {
  readonly folder: string;
  readonly table: ClipTable;
  readonly events: EventFeed;
  private readonly options: ReviewProjectOptions;
  private readonly clips: DurableLog<ClipEntry>;
  /** What people decided. */
  readonly reviews: ProjectReviews;
  /** Who may work on it. */
  readonly people: ProjectPeople;
  /** What two of them say of the same clips. */
  readonly opinions: SecondOpinions;
  private predictions: DurableLog<KeptPrediction | PredictAgain>;
  private inUse: Source;
  private readonly run: PredictionRun;
  /** Clips come, go, and are predicted again. */
  readonly changes: ClipChanges;
  /** What stamps in pictures say. */
  readonly stamps: StampReading;
  private announced = false;
  private readonly turns = new Turns();

  private constructor(
    options: ReviewProjectOptions,
    table: ClipTable,
    { events, reviews, people }: Pick<ReviewProject, 'events' | 'reviews' | 'people'>,
    logs: Pick<ReviewProject['logs'], 'clips' | 'predictions'>,
  ) {
    this.options = options;
    this.folder = join(resolve(options.folder), projectFolder);
    this.table = table;
    this.clips = logs.clips;
    this.predictions = logs.predictions;
    this.events = events;
    this.inUse = options.source;
    this.reviews = reviews;
    this.people = people;
    this.opinions = new SecondOpinions({
      share: () => people.secondShare,
      opinionsOf: (clip) => reviews.opinionsOf(clip),
      clips: () => reviews.decidedClips(),
    });
    const records = recordsFile(this.folder, options.source.recordsDigest);
    this.run = new PredictionRun(
      (alone) => options.startWorker(records, this.inUse.place, alone),
      {
        known: () => [...table.rows()].filter(({ state }) => state === 'predicted').map(workerClip),
        provisional: ({ id, ...prediction }) => table.provisional(id, prediction),
        predicted: (predictions) => this.keep(predictions),
        lost: (id, outcome) =>
          this.keepOne(id, { sha256: null, outcome, probabilities: null, members: {}, padded: {} }),
        changed: () => this.changed(),
      },
      options.source.families,
    );
    // Not the log itself: another bundle has another.
    this.changes = new ClipChanges({
      clips: logs.clips,
      reviews,
      predictions: { append: (entries) => this.predictions.append(entries) },
      table,
      run: this.run,
      now: options.now,
    });
    reviews.followedBy(this.changes);
    this.stamps = new StampReading(table);
  }

  private get logs() {
    const { clips, predictions } = this;
    return { clips, predictions };
  }

  /** Opens a project, or starts one; clips that have not been predicted by this bundle are predicted. */
  static async open(options: ReviewProjectOptions): Promise<ReviewProject> {
    const folder = join(resolve(options.folder), projectFolder);
    await makeFolder(folder);
    await removeStaleTemporaries(folder);
    const { source } = options;
    const table = new ClipTable(source.classes, source.nets, join(folder, 'uploads'));
    const clips = await DurableLog.open(join(folder, 'clips.jsonl'), clipEntrySchema, (entry) => table.take(entry));
    const events = new EventFeed(options.now().getTime().toString(36));
    const reviews = await ProjectReviews.open(folder, {
      table,
      events,
      calibrated: () => source.calibrated,
      now: options.now,
    });
    const people = await ProjectPeople.open(folder, options.now);
    const predictions = await openPredictions(folder, source, table);
    const project = new ReviewProject(options, table, { events, reviews, people }, { clips, predictions });
    // With a re-fit in use, what is not predicted was about to be weighed anew.
    await project.changes.resume({ fromRecord: source.refitted });
    return project;
  }

  now(): Date {
    return this.options.now();
  }

  /** What predicts now. */
  get source(): Source {
    return this.inUse;
  }

  /** Predicts with another source of the same first level from now on: the second level looks at all clips again, and no clip is decoded. */
  useSource(source: Source): Promise<void> {
    return this.run.restart([...this.table.rows()].map(workerClip), async () => {
      const before = this.predictions;
      const anew = [...this.table.rows()]
        .filter(({ again }) => again === 'all')
        .map(({ id }): PredictAgain => ({ clip: id, again: 'all' }));
      this.predictions = await openPredictions(this.folder, source, this.table);
      // Whom somebody wants to be looked at from the start still is.
      if (anew.length > 0) await this.predictions.append(anew);
      this.inUse = source;
      await before[Symbol.asyncDispose]();
    });
  }

  /** @throws HttpProblem 404 */
  clip(id: string): ClipRow {
    const row = this.table.get(id);
    if (row === undefined) throw new HttpProblem(404, 'CLIP_UNKNOWN', `there is no clip '${id.slice(0, 40)}'`);
    return row;
  }

  /**
   * Adds files; those that are in the project already are passed over.
   * @param files whose names are free
   * @param trace of the request that brings them
   */
  async add(files: readonly AddedFile[], trace?: TraceContext): Promise<Added> {
    const fresh = files
      .map(({ filename, path, site, capturedAt, statedTime, coordinates }): ProjectClip => ({
        id: clipId(path),
        filename,
        path,
        site: site ?? null,
        capturedAt: statedTime ?? capturedAt?.toISOString() ?? null,
        ...(coordinates == null ? {} : { coordinates }),
      }))
      .filter(({ id }) => this.table.get(id) === undefined);
    this.mustHaveRoom(fresh.length);
    await this.changes.add(fresh, trace);
    return { added: fresh.length, known: files.length - fresh.length, skipped: 0, unreadable: [] };
  }

  /** @throws HttpProblem 413 where so many clips more are too many */
  mustHaveRoom(clips: number): void {
    const { maxClips } = this.options;
    if (this.table.size + clips > maxClips) {
      throw new HttpProblem(
        413,
        'TOO_MANY_CLIPS',
        `a project may have ${maxClips} clips, and has ${this.table.size}: ${clips} more are too many`,
        { hint: 'start another project in another folder' },
      );
    }
  }

  /**
   * Does work that looks which names and clips there are and then adds some: one at a time, so that what it has seen
   * still holds when it adds.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.turns.take(work);
  }

  /** Whether a name is free for the file at `path`. */
  nameIsFree(filename: string, path: string): boolean {
    const there = this.table.named(filename);
    return there === undefined || there.path === path;
  }

  progress(): Progress {
    let failed = 0;
    for (const row of this.table.rows()) failed += Number(row.state === 'failed');
    return { ...this.run.progress(this.table.size), failed, version: this.table.version };
  }

  describe(): Omit<Project, 'me' | 'foldersAllowed' | 'limits' | 'refits' | 'trains' | 'suggestions'> {
    const { classes, nets } = this.inUse;
    const sites = new Map<string, number>();
    const reviewed: Record<string, number> = {};
    for (const { site, review } of this.table.rows()) {
      if (site !== null) sites.set(site, (sites.get(site) ?? 0) + 1);
      const decision = review?.decision ?? 'open';
      reviewed[decision] = (reviewed[decision] ?? 0) + 1;
    }
    return {
      name: basename(dirname(this.folder)),
      classes: [...classes],
      newSpecies: this.reviews.newSpecies(),
      nets: [...nets],
      sites: [...sites].map(([site, clips]) => ({ site, clips })).sort((a, b) => (a.site < b.site ? -1 : 1)),
      reviewed,
      warnings: [...this.run.warnings],
      progress: this.progress(),
    };
  }

  private async keep(predictions: readonly WorkerPrediction[]): Promise<void> {
    const kept = predictions.map(
      ({ id, prediction: { filename: _, ...prediction }, metadata, capturedAt, backdrop }): KeptPrediction => ({
        clip: id,
        prediction,
        capturedAt,
        metadata: keptMetadata(metadata),
        ...(backdrop === undefined ? {} : { backdrop }),
      }),
    );
    await this.predictions.append(kept);
    for (const one of kept) this.table.predicted(one);
  }

  private async keepOne(id: string, prediction: KeptPrediction['prediction']): Promise<void> {
    const kept = { clip: id, prediction, capturedAt: null, metadata: null };
    await this.predictions.append([kept]);
    this.table.predicted(kept);
  }

  /** Tells the pages of changes, a few times a second at most. */
  changed(): void {
    if (this.announced) return;
    this.announced = true;
    setTimeout(() => {
      this.announced = false;
      this.events.publish('progress', this.progress(), { latestOnly: true });
    }, 250).unref();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stamps[Symbol.asyncDispose]();
    await this.run.close();
    this.events.close();
    await this.reviews[Symbol.asyncDispose]();
    await this.people[Symbol.asyncDispose]();
    for (const log of Object.values(this.logs)) await log[Symbol.asyncDispose]();
  }
}

/** Where a project keeps what a first level said. */
export function recordsFile(folder: string, recordsDigest: string): string {
  return join(folder, `first-level-${recordsDigest.slice(0, 16)}.jsonl`);
}

function openPredictions(
  folder: string,
  { digest }: Source,
  table: ClipTable,
): Promise<DurableLog<KeptPrediction | PredictAgain>> {
  return DurableLog.open(
    join(folder, `predictions-${digest.slice(0, 16)}.jsonl`),
    z.union([keptPredictionSchema, predictAgainSchema]),
    (entry) => ('again' in entry ? table.again(entry) : table.predicted(entry)),
  );
}

/** Names a file in addresses: the same file has the same id at every start. */
function clipId(path: string): string {
  return sha256Bytes(path).slice(0, 16);
}

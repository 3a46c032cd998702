import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readLog } from '@primatrix/files';
import {
  firstLevelDigest,
  readKeptRecords,
  RefitError,
  renamedRecord,
  type ReviewedSource,
} from '@primatrix/prediction';
import type { Review } from '@primatrix/review-api';
import { workerClip } from './clip-changes.ts';
import { clipEntrySchema, type ClipEntry, type ProjectClip } from '../clips/clip-row.ts';
import type { OpenBundle } from '../prediction/source.ts';
import { reviewsFile } from './project-reviews.ts';
import { reviewEntrySchema, type SettingPatch } from './review-entry.ts';
import { ReviewHistory } from './review-history.ts';
import { projectFolder, recordsFile } from './review-project.ts';

/** What people said in a review project, for a re-fit. */
export interface ProjectCorrections {
  readonly source: ReviewedSource;
  /** Reviewed clips that cannot be learned from, by why. */
  readonly leftOut: {
    readonly unsure: number;
    /** They show a species that the bundle does not know. */ readonly unknown: number;
    /** No net has looked at them, or they cannot be read. */ readonly unread: number;
  };
  /** Species that the bundle does not know. */
  readonly newSpecies: readonly string[];
}

/**
 * Reads the reviews of a project and what the first level said of its clips, without touching anything.
 * @param folder the project's, or `primatrix-review` in it
 * @throws RefitError `REFIT_PROJECT` where there is no project, or it was predicted by another bundle alone
 */
export async function readProjectCorrections(
  folder: string,
  bundle: Pick<OpenBundle, 'manifest' | 'digest'>,
): Promise<ProjectCorrections> {
  const { clips, reviews } = await readProject(folder);
  const place = reviewFolder(folder);
  const records = recordsFile(place, firstLevelDigest(bundle));
  if (!existsSync(records)) {
    const others = (await readdir(place)).filter((name) => name.startsWith('first-level-'));
    throw new RefitError(
      'REFIT_PROJECT',
      others.length > 0
        ? `refit: the project in ${place} was predicted by another bundle`
        : `refit: no clip of the project in ${place} has been predicted`,
      {
        hint: 'open it once with primatrix serve --ui --bundle and the bundle that is to be fitted again; re-fits of a bundle share what its nets said',
      },
    );
  }
  const { classes, neighbours } = bundle.manifest;
  const known = new Set(classes);
  const byPath = new Map([...clips.values()].map((clip) => [clip.path, clip]));
  const decided = new Map<string, Uint8Array>();
  const leftOut = { unsure: 0, unknown: 0, unread: 0 };
  const newSpecies = new Set<string>();
  for (const { clip: id, decision, species } of reviews.values()) {
    const clip = clips.get(id);
    if (clip === undefined || decision === 'open') continue;
    const strange = species.filter((name) => !known.has(name));
    strange.forEach((name) => newSpecies.add(name));
    if (decision === 'unsure') leftOut.unsure += 1;
    else if (strange.length > 0 || species.length === 0) leftOut.unknown += 1;
    else {
      decided.set(
        clip.filename,
        Uint8Array.from(classes, (name) => Number(species.includes(name))),
      );
    }
  }
  const kept = await readKeptRecords(records, {
    nets: neighbours.nets,
    take: ({ path, record }) => {
      const clip = byPath.get(path);
      return clip === undefined ? undefined : renamedRecord(record, workerClip(clip).file);
    },
    wanted: (filename) => decided.has(filename),
  });
  const reviewed = [...kept.records.values()]
    .filter(({ outcome }) => outcome.status !== 'failed')
    .map((record) => ({ record, labels: decided.get(record.filename) ?? new Uint8Array(classes.length) }));
  return {
    source: { clips: kept.clips, reviewed },
    leftOut: { ...leftOut, unread: decided.size - reviewed.length },
    newSpecies: [...newSpecies].sort(),
  };
}

/** A project's clips and their last reviews, by the clips' ids. */
export interface ReadProject {
  readonly clips: ReadonlyMap<string, ProjectClip>;
  readonly reviews: ReadonlyMap<string, Review>;
}

/** Whether a folder is a review project's, or the one inside. */
export function isReviewProject(folder: string): boolean {
  return existsSync(join(reviewFolder(folder), 'clips.jsonl'));
}

/**
 * Reads what a review project's logs come to: clips by id without those that were removed, and the last review of
 * each clip.
 * @throws RefitError `REFIT_PROJECT` where there is none
 */
export async function readProject(folder: string): Promise<ReadProject> {
  const place = reviewFolder(folder);
  if (!isReviewProject(folder)) {
    throw new RefitError('REFIT_PROJECT', `refit: there is no review project in ${folder}`, {
      hint: `give the folder that primatrix serve --ui --project was given: ${projectFolder}/ lies in it`,
    });
  }
  const clips = new Map<string, ProjectClip>();
  const history = new ReviewHistory();
  await readLog(join(place, 'clips.jsonl'), clipEntrySchema, (entry) => take(clips, entry));
  if (existsSync(join(place, reviewsFile))) {
    await readLog(join(place, reviewsFile), reviewEntrySchema, (entry) => void history.take(entry));
  }
  for (const id of history.settings.clips()) {
    const [clip, said] = [clips.get(id), history.settings.of(id)];
    if (clip !== undefined) clips.set(id, settled(clip, said));
  }
  return { clips, reviews: new Map([...history.all()].map((review) => [review.clip, review])) };
}

function settled(clip: ProjectClip, said: SettingPatch): ProjectClip {
  const { site = clip.site, capturedAt = clip.capturedAt } = said;
  const { coordinates: before, ...rest } = clip;
  const coordinates = said.coordinates === undefined ? before : said.coordinates;
  return { ...rest, site, capturedAt, ...(coordinates == null ? {} : { coordinates }) };
}

function take(clips: Map<string, ProjectClip>, entry: ClipEntry): void {
  if ('removed' in entry) clips.delete(entry.id);
  else if ('set' in entry) {
    const before = clips.get(entry.id);
    const { site, capturedAt } = entry;
    if (before !== undefined) clips.set(entry.id, { ...before, site, capturedAt });
  } else if ('moved' in entry) {
    const before = clips.get(entry.id);
    if (before !== undefined) clips.set(entry.id, { ...before, path: entry.moved, filename: entry.filename });
  } else clips.set(entry.id, entry);
}

function reviewFolder(folder: string): string {
  return basename(resolve(folder)) === projectFolder ? resolve(folder) : join(resolve(folder), projectFolder);
}

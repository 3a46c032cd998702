import type { Family, FeatureMatrix } from '@primatrix/families';
import { sha256Bytes } from '@primatrix/files';
import {
  bundledFamily,
  bundledMetadata,
  clipMatrix,
  neighbourColumns,
  RefitError,
  type BundleManifest,
  type Corrections,
} from '@primatrix/prediction';
import { foldsOfNewClips } from './folds-of-new-clips.ts';
import type { GatheredClip, GatheredCorrections } from './gather-corrections.ts';
import type { RefitTraining } from './refit-training.ts';

/** All that the second level is fitted to: first the training clips, in the training's order, then the reviewed ones. */
export interface RefitRows {
  /** Names of the training clips, and `reviewed/<sha256>`. */
  readonly keys: readonly string[];
  /** How many of them are training clips. */
  readonly trained: number;
  readonly matrix: FeatureMatrix;
  /** [clips, classes], corrected. */
  readonly labels: Uint8Array;
  /** [clips] from 1. */
  readonly foldOf: Int32Array;
  /** [clips] what standard errors are drawn by. */
  readonly sites: readonly { readonly site: string | undefined }[];
  /** Folds of the reviewed clips' sites by digest of their names, for the next re-fit. */
  readonly folds: Readonly<Record<string, number>>;
}

/** How a clip is called in tables of a re-fit. */
const reviewedKey = (sha256: string) => `reviewed/${sha256}`;

/**
 * Puts training and reviewed clips together.
 * @param pinned folds that an earlier re-fit gave to sites, so that what it said out of fold stays so
 * @throws RefitError `REFIT_ONE_CLASS`; FeatureTableError where a table of the training is damaged
 */
export async function refitRows(
  training: RefitTraining,
  { added, relabelled }: GatheredCorrections,
  {
    sources,
    manifest,
    families,
    pinned,
  }: {
    readonly sources: Corrections['sources'];
    readonly manifest: BundleManifest;
    readonly families: readonly Family[];
    readonly pinned: Readonly<Record<string, number>>;
  },
): Promise<RefitRows> {
  const { facts, clips, columns } = training;
  const width = facts.classes.length;
  const old = await training.matrix('train', facts.filenames);
  const rowsOf = await newRows(training, added, { sources, manifest, families });
  const matrix = {
    columns,
    rows: old.rows + added.length,
    data: new Float32Array(old.data.length + added.length * columns.length),
  };
  matrix.data.set(old.data);
  const labels = new Uint8Array(matrix.rows * width);
  labels.set(facts.labels);
  facts.filenames.forEach((name, row) => labels.set(relabelled.get(name) ?? [], row * width));
  added.forEach((clip, i) => {
    matrix.data.set(rowsOf.get(clip.sha256) ?? [], (old.rows + i) * columns.length);
    labels.set(clip.labels, (old.rows + i) * width);
  });
  if (facts.classes.filter((_, c) => labels.some((label, i) => i % width === c && label === 1)).length < 2) {
    throw new RefitError('REFIT_ONE_CLASS', 'refit: all labels are of one class: there is nothing to tell apart', {
      hint: 'check the corrections of the training clips',
    });
  }
  const { foldOf, folds } = dealt(training, added, pinned);
  const sites = [
    ...facts.filenames.map((name) => ({ site: clips.get(name)?.site })),
    ...added.map(({ site }) => ({ site })),
  ];
  return {
    keys: [...facts.filenames, ...added.map(({ sha256 }) => reviewedKey(sha256))],
    trained: old.rows,
    matrix,
    labels,
    foldOf,
    sites,
    folds,
  };
}

/** The columns of new clips by sha256, as prediction makes them: neighbours are the clips that they were predicted with. */
async function newRows(
  training: RefitTraining,
  added: readonly GatheredClip[],
  {
    sources,
    manifest,
    families,
  }: {
    readonly sources: Corrections['sources'];
    readonly manifest: BundleManifest;
    readonly families: readonly Family[];
  },
): Promise<Map<string, Float32Array>> {
  const { columns } = training;
  const rows = new Map<string, Float32Array>();
  const take = (names: readonly string[], { data }: FeatureMatrix) =>
    names.forEach((sha256, row) => rows.set(sha256, data.subarray(row * columns.length, (row + 1) * columns.length)));
  for (const split of ['test', 'other'] as const) {
    const ofTable = added
      .flatMap(({ sha256, origin }) =>
        'split' in origin && origin.split === split ? [{ sha256, filename: origin.filename }] : [],
      )
      .sort((a, b) => (a.filename < b.filename ? -1 : 1));
    if (ofTable.length > 0) {
      take(
        ofTable.map(({ sha256 }) => sha256),
        await training.matrix(
          split,
          ofTable.map(({ filename }) => filename),
        ),
      );
    }
  }
  const metadata = bundledMetadata(families, manifest);
  const family = bundledFamily(families, 'neighbours', manifest.neighbours);
  const { profile, classes } = manifest;
  for (const [i, { clips }] of sources.entries()) {
    const of = added.flatMap(({ sha256, origin }) =>
      'source' in origin && origin.source === i ? [{ sha256, record: origin.record }] : [],
    );
    if (of.length === 0) continue;
    const neighbours = await neighbourColumns(clips, { family, part: manifest.neighbours, classes });
    take(
      of.map(({ sha256 }) => sha256),
      clipMatrix(
        of.map(({ record }) => record),
        {
          profile,
          metadata,
          reference: manifest.metadata.reference,
          settings: manifest.metadata.settings,
          classes,
          columns,
          neighbours,
        },
      ),
    );
  }
  return rows;
}

/** Folds of all clips: the training's, and those of the new clips by their sites. */
function dealt(
  { facts, clips }: RefitTraining,
  added: readonly GatheredClip[],
  pinned: Readonly<Record<string, number>>,
): { foldOf: Int32Array; folds: Record<string, number> } {
  const groupOf = ({ site, sha256 }: GatheredClip) => (site === undefined ? reviewedKey(sha256) : `site/${site}`);
  const known = new Map<string, number>();
  for (const clip of added) {
    const fold = pinned[digestOfName(groupOf(clip))];
    if (fold !== undefined) known.set(groupOf(clip), fold);
  }
  facts.filenames.forEach((name, row) => {
    const site = clips.get(name)?.site;
    if (site !== undefined) known.set(`site/${site}`, facts.foldOf[row] as number);
  });
  const sizes = Array.from({ length: facts.folds }, (_, i) => facts.foldOf.filter((fold) => fold === i + 1).length);
  const foldOfNew = foldsOfNewClips(
    added.map((clip) => ({ key: clip.sha256, group: groupOf(clip) })),
    { known, sizes },
  );
  const folds = Object.fromEntries(added.map((clip, i) => [digestOfName(groupOf(clip)), foldOfNew[i] as number]));
  return { foldOf: Int32Array.from([...facts.foldOf, ...foldOfNew]), folds: { ...pinned, ...folds } };
}

/** Sites may be folders of this machine, and a bundle travels. */
function digestOfName(group: string): string {
  return sha256Bytes(group).slice(0, 16);
}

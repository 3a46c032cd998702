import { joinTable } from '@primatrix/dataset';
import { RefitError, type Corrections, type FirstLevelRecord } from '@primatrix/prediction';
import type { RefitTraining } from './refit-training.ts';

/** Where the columns of a new clip come from: a record of one of the sources, or a table of the dataset's unlabelled clips. */
type NewClipOrigin =
  | { readonly source: number; readonly record: FirstLevelRecord }
  | { readonly split: 'test' | 'other'; readonly filename: string };

/** A clip that the nets never learned from. */
export interface GatheredClip {
  readonly sha256: string;
  readonly site: string | undefined;
  readonly labels: Uint8Array;
  readonly origin: NewClipOrigin;
}

/** Corrections, each clip once, by what they are of. */
export interface GatheredCorrections {
  /** By sha256, sorted. */
  readonly added: readonly GatheredClip[];
  /** Labels of training clips that are others than the training had. */
  readonly relabelled: ReadonlyMap<string, Uint8Array>;
  /** Training clips of which people said what the training had. */
  readonly confirmed: number;
}

/**
 * Sorts corrections into new clips and new labels of training clips. A clip is known by its content: whoever adds training
 * clips to a review project corrects the training's labels, and of the same file twice the last word counts.
 * @throws RefitError `REFIT_CLIP` for a clip of the dataset that is not there or could not be read, `REFIT_NOTHING` where
 * nothing is left to learn
 */
export function gatherCorrections(
  { sources, ofDataset }: Corrections,
  { facts, clips }: RefitTraining,
): GatheredCorrections {
  const rowOf = new Map(facts.filenames.map((name, row) => [name, row]));
  const trainingClip = new Map(
    facts.filenames.flatMap((name) => {
      const sha256 = clips.get(name)?.sha256;
      return sha256 == null ? [] : [[sha256, name] as const];
    }),
  );
  const added = new Map<string, GatheredClip>();
  const said = new Map<string, Uint8Array>();
  const names = [...clips.keys()];
  const join = joinTable(names, ofDataset);
  const [unmatched] = [...join.ambiguous, ...join.unknown];
  if (unmatched !== undefined) {
    throw unknownClip(
      unmatched,
      join.ambiguous.includes(unmatched)
        ? 'several clips of the training have that base name: write its path'
        : 'nobody has predicted it: it is no clip of the training, and there is no record of it',
    );
  }
  for (const [i, filename] of names.entries()) {
    const labels = join.rows[i];
    const clip = clips.get(filename);
    if (labels === undefined || clip === undefined) continue;
    if (rowOf.has(filename)) said.set(filename, labels);
    else if (clip.split === 'train' || clip.sha256 === null) throw unknownClip(filename, 'it could not be read');
    else {
      added.set(clip.sha256, { sha256: clip.sha256, site: clip.site, labels, origin: { split: clip.split, filename } });
    }
  }
  for (const [source, { reviewed }] of sources.entries()) {
    for (const { record, labels } of reviewed) {
      if (record.outcome.status === 'failed' || record.metadata === null) continue;
      const { sha256 } = record.metadata;
      const known = trainingClip.get(sha256);
      if (known === undefined) {
        added.set(sha256, { sha256, site: record.site ?? undefined, labels, origin: { source, record } });
      } else said.set(known, labels);
    }
  }
  const width = facts.classes.length;
  const isNew = ([name, labels]: readonly [string, Uint8Array]) => {
    const row = rowOf.get(name) ?? 0;
    return labels.some((label, c) => label !== facts.labels[row * width + c]);
  };
  const relabelled = new Map([...said].filter(isNew));
  if (added.size + relabelled.size === 0) {
    throw new RefitError(
      'REFIT_NOTHING',
      said.size > 0
        ? `refit: all ${said.size} corrections say what the training's labels say`
        : 'refit: there is no reviewed clip to learn from',
      {
        hint: 'review clips first: accept, correct or mark them blank; unsure clips and clips that could not be read are left out',
      },
    );
  }
  return {
    added: [...added.values()].sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)),
    relabelled,
    confirmed: said.size - relabelled.size,
  };
}

function unknownClip(filename: string, why: string): RefitError {
  return new RefitError('REFIT_CLIP', `refit: the labels name ${filename}, but ${why}`, {
    fields: { clip: filename },
    hint: 'predict it with --records and give that file with --records, or take it out of the labels',
  });
}

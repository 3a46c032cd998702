import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Family, FeatureMatrix, JsonValue, StackFamily } from '@primatrix/families';
import { readTable, type FeatureTable } from '@primatrix/feature-table';
import { bundledFamily, RefitError, whyNoTraining, type BundleManifest } from '@primatrix/prediction';
import { z } from 'zod';
import { clipTableFile } from '../ingest/ingest.ts';
import { missingOutput, readManifest, readManifests } from '../plan/stage-manifest.ts';
import { secondLevelMatrix } from '../second-level/second-level-table.ts';
import { readTrainingFacts, type TrainingFacts } from '../second-level/training-facts.ts';

/** A stacker's variant as the training fitted it. */
export interface RefitMember {
  readonly family: StackFamily;
  readonly member: string;
  readonly settings: JsonValue;
}

/** A clip of the training's dataset, as its tables have it. */
interface DatasetClip {
  readonly split: 'train' | 'test' | 'other';
  readonly site: string | undefined;
  /** Null where it could not be read. */
  readonly sha256: string | null;
}

/** The training that a bundle comes from: all that its second level learned from. */
export interface RefitTraining {
  readonly artifacts: string;
  readonly facts: TrainingFacts;
  readonly clips: ReadonlyMap<string, DatasetClip>;
  readonly members: readonly RefitMember[];
  /** Names of the second level's columns, in the order of the training. */
  readonly columns: readonly string[];
  /** Columns of these clips, rows in the order of their sorted names. */
  matrix(split: DatasetClip['split'], filenames: readonly string[]): Promise<FeatureMatrix>;
}

const cardSchema = z.object({ member: z.string(), settings: z.json() });
const mend =
  'give the folder that primatrix train made with --training, for example artifacts/sample; where it was made by an ' +
  'earlier version, run primatrix train again: only the second level is made anew';

/**
 * Opens the training that a bundle comes from.
 * @param artifacts `artifacts/<dataset>`
 * @throws RefitError `REFIT_TRAINING` where it is not there, was made by an earlier version, or is another bundle's;
 * BundleError where a stacker is not installed; FeatureTableError where a table is damaged
 */
export async function openRefitTraining(
  artifacts: string,
  { manifest, families }: { readonly manifest: BundleManifest; readonly families: readonly Family[] },
): Promise<RefitTraining> {
  const missing = whyNoTraining(artifacts);
  if (missing !== undefined) throw new RefitError('REFIT_TRAINING', `refit: ${missing}`, { hint: mend });
  const facts = await readTrainingFacts(artifacts);
  await mustBeOf(manifest, artifacts, facts);
  await mustBeWhole(artifacts);
  const [first] = manifest.stacks;
  if (first === undefined) {
    throw new RefitError('REFIT_TRAINING', 'refit: the bundle has no second level to fit', {
      hint: 'train with the stackers installed',
    });
  }
  const members: RefitMember[] = [];
  for (const part of manifest.stacks) {
    const { settings } = cardSchema.parse(
      JSON.parse(await readFile(join(artifacts, `stack/${part.member}/card.json`), 'utf8')),
    );
    members.push({ family: bundledFamily(families, 'stack', part), member: part.member, settings });
  }
  const table = { artifacts, profile: manifest.profile };
  return {
    artifacts,
    facts,
    clips: clipsOf(await readTable(join(artifacts, clipTableFile), ['split', 'site', 'sha256'])),
    members,
    columns: first.columns,
    matrix: (split, filenames) => secondLevelMatrix(table, split, filenames, first.columns),
  };
}

/** The first level must be the same: the columns of the training's table are what these very nets said. */
async function mustBeOf(manifest: BundleManifest, artifacts: string, facts: TrainingFacts): Promise<void> {
  const fault = (what: string) =>
    new RefitError(
      'REFIT_TRAINING',
      `refit: the training in ${artifacts} is not the one that the bundle comes from: ${what}`,
      { hint: mend },
    );
  if (facts.dataset.digest !== manifest.dataset.digest) {
    throw fault(
      `its dataset is ${facts.dataset.name}, ${facts.dataset.digest.slice(0, 12)}, the bundle's ${manifest.dataset.name}, ${manifest.dataset.digest.slice(0, 12)}`,
    );
  }
  if (facts.profile !== manifest.profile) {
    throw fault(`its profile is ${facts.profile}, the bundle's ${manifest.profile}`);
  }
  if (facts.classes.join('\n') !== manifest.classes.join('\n')) throw fault('it has other classes');
  for (const { family, models } of manifest.nets) {
    for (const [i, { path, sha256 }] of models.entries()) {
      const stage = await readManifest(artifacts, family, `train-fold-${i + 1}`);
      if (stage?.outputs.find((output) => output.path === path)?.sha256 !== sha256) {
        throw fault(`${family} was trained anew since`);
      }
    }
  }
}

/**
 * A table that was changed since would be learned from without a word. What is gone and not needed is no one's
 * concern.
 */
async function mustBeWhole(artifacts: string): Promise<void> {
  for (const stage of await readManifests(artifacts)) {
    const there = stage.outputs.filter(({ path }) => existsSync(join(artifacts, path)));
    const trouble = await missingOutput(artifacts, { ...stage, outputs: there });
    if (trouble !== undefined) {
      throw new RefitError('REFIT_TRAINING', `refit: the training in ${artifacts} is not as it was: ${trouble}`, {
        hint: 'run primatrix train again with the same options: it makes again only what was changed',
      });
    }
  }
}

function clipsOf({ keys, columns }: FeatureTable): Map<string, DatasetClip> {
  const text = (name: string, row: number) => {
    const column = columns.find((candidate) => candidate.name === name);
    return column !== undefined && 'text' in column ? (column.text[row] ?? null) : null;
  };
  return new Map(
    keys.map((filename, row) => [
      filename,
      {
        split: text('split', row) as DatasetClip['split'],
        site: text('site', row) ?? undefined,
        sha256: text('sha256', row),
      },
    ]),
  );
}

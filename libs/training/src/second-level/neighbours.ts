import { join } from 'node:path';
import { copiedTimes } from '@primatrix/dataset';
import type { NetFamily } from '@primatrix/families';
import { digestOf } from '@primatrix/files';
import { writeTable, type NeighbourPass } from '@primatrix/feature-table';
import { captureTimes } from '../ingest/clip-table.ts';
import { modificationTimes } from '../ingest/file-times.ts';
import { readFolds } from '../ingest/ingest.ts';
import { readIngested, type IngestedClip } from '../ingest/ingested-clips.ts';
import { foldPredictionsPath } from '../nets/net-predictions.ts';
import { trainedNets } from '../nets/trained-nets.ts';
import { needsOf } from '../plan/stage-needs.ts';
import { usualMemory, type Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';

const clipsFile = 'neighbours/clips.parquet';
const splits = ['train', 'test', 'other'] as const;

/** Where the columns about the clips before and after lie, below the artifact folder. */
export function neighboursPath(split: (typeof splits)[number]): string {
  return `neighbours/${split}.parquet`;
}

/**
 * What nets say of the clips before and after: `neighbours/{train,test,other}.parquet`, and in `neighbours/clips.parquet`
 * the sites and moments that they go by. The neighbours of a labelled clip are predicted by the models of its own fold
 * alone: all others have learned from it, and would tell of its label what they remember.
 */
export function neighboursStage(training: Training): Stage {
  const { artifacts, dataset, profile } = training;
  const { neighbours } = familySet(training.families, profile);
  const settings = neighbours.settings[profile];
  return {
    project: neighbours.name,
    task: 'means',
    needs: needsOf(training, neighbours.name, 'means'),
    cost: 1 + dataset.clips.length / 10_000,
    // 1.9 GB was measured of 451,388 clips, two nets and 15 ks.
    memory: async () => usualMemory + 3500 * dataset.clips.length,
    inputs: async () => ({
      version: neighbours.version,
      settings,
      classes: dataset.classes,
      // Sites and times of the dataset; ingest's own outputs speak for those of the files.
      origins: digestOf(
        dataset.clips.map(({ filename, site, capturedAt }) => ({
          filename,
          site,
          capturedAt: capturedAt?.toISOString(),
        })),
      ),
      modified: goesByModified(training) ? [...(await modificationTimes(training))] : null,
      ...(training.timeOrder?.by === 'table' ? { times: digestOf([...training.timeOrder.times]) } : {}),
    }),
    async run() {
      const clips = (await readIngested(artifacts)).filter(({ metadata: known }) => known !== null);
      await writePlaces(training, clips);
      const used = (await neighbourNets(training)).map(({ name }) => name);
      const request = {
        clips: join(artifacts, clipsFile),
        classes: dataset.classes,
        ks: settings.ks,
        window: settings.window ?? 'predicted',
      } as const;
      const passes = passesOf(training, used);
      for (const split of splits) {
        await neighbours.write({ ...request, passes: passes[split], out: join(artifacts, neighboursPath(split)) });
      }
      return { outputs: [clipsFile, ...splits.map(neighboursPath)], summary: { nets: used } };
    },
  };
}

/** The nets whose predictions become columns: those that the settings name and that were trained. */
export function neighbourNets(training: Training): Promise<readonly NetFamily[]> {
  return trainedNets(
    training,
    familySet(training.families, training.profile).neighbours.settings[training.profile].nets,
  );
}

function passesOf(training: Training, nets: readonly string[]): Record<(typeof splits)[number], NeighbourPass[]> {
  const { artifacts } = training;
  const { labelled } = familySet(training.families, training.profile).neighbours.settings[training.profile];
  const table = (net: string, split: (typeof splits)[number]) => ({
    path: join(artifacts, `nets/${net}/${split}.parquet`),
  });
  const unlabelled = (part: string): NeighbourPass => ({
    parts: [part],
    nets: nets.map((name) => ({
      name,
      sources: [table(name, 'test'), table(name, 'other'), ...(labelled ? [table(name, 'train')] : [])],
    })),
  });
  return {
    train: Array.from({ length: training.folds }, (_, i) => i + 1).map((fold) => ({
      parts: [foldPart(fold)],
      nets: nets.map((name) => ({
        name,
        // Of labelled clips only those of the same fold: the model that did not learn from this one has learned from the others.
        sources: [
          { path: join(artifacts, foldPredictionsPath(name, fold)) },
          ...(labelled ? [{ ...table(name, 'train'), fold }] : []),
        ],
      })),
    })),
    test: [unlabelled('test')],
    other: [unlabelled('other')],
  };
}

const foldPart = (fold: number) => `fold-${fold}`;

async function writePlaces(training: Training, clips: readonly IngestedClip[]): Promise<void> {
  const { artifacts, dataset, profile } = training;
  const bySite = familySet(training.families, profile).neighbours.settings[profile].order === 'site';
  const foldOf = new Map(
    (await readFolds(artifacts)).flatMap((names, i) => names.map((name) => [name, foldPart(i + 1)] as const)),
  );
  const siteOf = new Map(dataset.clips.map(({ filename, site }) => [filename, site]));
  const momentOf = goesByModified(training)
    ? await modificationTimes(training)
    : new Map(
        [...(training.timeOrder?.by === 'table' ? training.timeOrder.times : captureTimes(dataset, clips))].map(
          ([name, time]) => [name, time.getTime()],
        ),
      );
  await writeTable(join(artifacts, clipsFile), {
    keys: clips.map(({ filename }) => filename),
    columns: [
      {
        name: 'part',
        text: clips.map(({ filename, split }) => (split === 'train' ? (foldOf.get(filename) ?? null) : split)),
      },
      { name: 'site', text: clips.map(({ filename }) => (bySite ? (siteOf.get(filename) ?? null) : 'all')) },
      { name: 'moment', values: Float64Array.from(clips, ({ filename }) => momentOf.get(filename) ?? Number.NaN) },
    ],
  });
}

/** Whether files' modification times put clips before and after each other. */
function goesByModified({ families, profile, timeOrder }: Training): boolean {
  if (timeOrder !== undefined) return timeOrder.by === 'modified';
  return familySet(families, profile).neighbours.settings[profile].order === 'modified';
}

/** A sentence for people where a training goes by modification times that copying seems to have set; else undefined. */
export async function doubtfulOrder(training: Training): Promise<string | undefined> {
  return goesByModified(training) ? copiedTimes([...(await modificationTimes(training)).values()]) : undefined;
}

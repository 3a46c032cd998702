import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataDictionary, leakingColumns, writeTable, type FeatureTable } from '@primatrix/feature-table';
import { canonicalJson, csvLine, writeFileAtomic } from '@primatrix/files';
import { secondLevelPath, type TableSplit } from '@primatrix/prediction';
import { z } from 'zod';
import { trainedNets } from '../nets/trained-nets.ts';
import { needsOf } from '../plan/stage-needs.ts';
import type { Stage } from '../plan/stage.ts';
import { familySet, type Training } from '../plan/training.ts';
import { featureColumns } from './feature-columns.ts';
import { secondLevelClips } from './second-level-clips.ts';
import { tableMemory } from './second-level-memory.ts';
import { joinSecondLevel } from './second-level-table.ts';
import { trainingFactsFiles, writeTrainingFacts } from './training-facts.ts';

const dictionaryFile = 'second-level/dictionary.csv';
const leakageFile = 'second-level/leakage.json';
const splits = ['train', 'test', 'other'] as const;
/** Clips by which columns are judged: more would take longer and say the same. */
const judged = 20_000;

const tellingSchema = z.array(
  z.object({ column: z.string(), source: z.string().nullable(), class: z.string(), auc: z.number() }),
);
const leakageSchema = z.object({
  rule: z.string(),
  /** Columns about the clip itself: something is likely to give the label away. */
  suspicious: tellingSchema,
  /** Columns of nets and neighbours: predictions of models that did not see the clip may be that good. */
  outOfFold: tellingSchema,
});

/** What the leakage check found. */
export type Leakage = z.infer<typeof leakageSchema>;

/**
 * Joins all columns of the second level by clip: `second-level/{train,test,other}.parquet`, the data dictionary beside
 * them, `leakage.json`, which names columns that alone predict a class nearly perfectly, and what a re-fit needs to know.
 */
export function tableStage(training: Training): Stage {
  const { artifacts, dataset, profile, seed } = training;
  const { neighbours } = familySet(training.families, profile);
  return {
    project: neighbours.name,
    task: 'table',
    needs: needsOf(training, neighbours.name, 'table'),
    cost: 1 + dataset.clips.length / 1000,
    memory: () => tableMemory(training),
    inputs: async () => ({
      schema: 2,
      classes: dataset.classes,
      versions: [...versionsOf(training)],
      labels: dataset.digest,
      seed,
    }),
    async run() {
      const clips = await secondLevelClips(training);
      const names = { train: clips.labelled.map(({ filename }) => filename), test: clips.test, other: clips.other };
      // All are read before any is written: one that is damaged leaves what was there.
      const tables = {} as Record<TableSplit, FeatureTable>;
      const columns = await featureColumns(training, names.train);
      for (const split of splits) tables[split] = await joinSecondLevel(training, split, names[split], columns);
      const leakage = await leakageOf(training, tables.train, clips.labelled);
      for (const split of splits) await writeTable(join(artifacts, secondLevelPath(split)), tables[split]);
      await writeFileAtomic(join(artifacts, dictionaryFile), dictionaryOf(training, tables));
      await writeFileAtomic(join(artifacts, leakageFile), `${canonicalJson(leakage)}\n`);
      await writeTrainingFacts(training, clips.labelled);
      return {
        outputs: [...splits.map(secondLevelPath), dictionaryFile, leakageFile, ...trainingFactsFiles],
        summary: { columns: tables.train.columns.length, suspicious: leakage.suspicious.map(({ column }) => column) },
      };
    },
  };
}

/** Reads what the table stage found. */
export async function readLeakage(artifacts: string): Promise<Leakage> {
  return leakageSchema.parse(JSON.parse(await readFile(join(artifacts, leakageFile), 'utf8')));
}

async function leakageOf(
  training: Training,
  table: FeatureTable,
  labelled: readonly { readonly labels: Uint8Array }[],
): Promise<Leakage> {
  const step = Math.max(1, Math.ceil(table.keys.length / judged));
  const some = <T>(values: readonly T[]) => values.filter((_, row) => row % step === 0);
  const sample: FeatureTable = {
    keys: some(table.keys),
    columns: table.columns.flatMap((column) =>
      'values' in column
        ? [{ ...column, values: column.values.filter((_value: number, row: number) => row % step === 0) }]
        : [],
    ),
  };
  const labels = Uint8Array.from(some(labelled).flatMap((clip) => [...clip.labels]));
  const found = leakingColumns(sample, labels, training.dataset.classes);
  const models = new Set([
    ...(await trainedNets(training)).map(({ name }) => name),
    familySet(training.families, training.profile).neighbours.name,
  ]);
  const ofModels = ({ source }: { readonly source: string | null }) => models.has(source ?? '');
  return {
    rule:
      'one class against the rest, area under the ROC curve of the column alone at least 0.995, at least 25 clips ' +
      'with the class and without it',
    suspicious: found.filter((column) => !ofModels(column)),
    outOfFold: found.filter(ofModels),
  };
}

function versionsOf(training: Training): Map<string, string> {
  const { metadata, features, nets, neighbours } = familySet(training.families, training.profile);
  return new Map([metadata, ...features, ...nets, neighbours].map(({ name, version }) => [name, version]));
}

/** One line a column: what it is called, whose it is, and the share of clips that lack it. */
function dictionaryOf(training: Training, tables: Readonly<Record<TableSplit, FeatureTable>>): string {
  const versions = versionsOf(training);
  const [train, test, other] = splits.map((split) => dataDictionary(tables[split])) as [
    ReturnType<typeof dataDictionary>,
    ReturnType<typeof dataDictionary>,
    ReturnType<typeof dataDictionary>,
  ];
  const lines = train.map(({ column, source, kind, missing, min, max }, i) =>
    csvLine([
      column,
      source ?? '',
      versions.get(source ?? '') ?? '',
      kind,
      missing,
      test[i]?.missing ?? '',
      other[i]?.missing ?? '',
      min ?? '',
      max ?? '',
    ]),
  );
  return `column,family,version,type,missing_train,missing_test,missing_other,min_train,max_train\n${lines.join('')}`;
}

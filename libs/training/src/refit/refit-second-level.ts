import { join } from 'node:path';
import type { Family } from '@primatrix/families';
import { siteGroups } from '@primatrix/dataset';
import { writeNetPredictions } from '@primatrix/feature-table';
import { canonicalJson, writeFileAtomic } from '@primatrix/files';
import type { Device } from '@primatrix/onnx';
import {
  bundledFamily,
  firstLevelDigest,
  forEachConcurrently,
  readBundle,
  readRefitCard,
  refitCardFile,
  refitOutOfFoldFile,
  type Corrections,
  type RefitCard,
} from '@primatrix/prediction';
import { judgeEnsemble } from '../ensemble/judge-ensemble.ts';
import { fitFolds } from '../second-level/fit-folds.ts';
import { beforeRefit } from './before-refit.ts';
import { gatherCorrections } from './gather-corrections.ts';
import { refitRows, type RefitRows } from './refit-rows.ts';
import { refitScores } from './refit-scores.ts';
import { openRefitTraining, type RefitMember, type RefitTraining } from './refit-training.ts';
import { refuseTaken, writeRefitBundle } from './write-refit-bundle.ts';

/** What is fitted again, from what, and where the new bundle goes. */
export interface RefitRequest {
  /** Folder of the bundle in use: the training's own, or an earlier re-fit of it. */
  readonly bundle: string;
  /** `artifacts/<dataset>` of the training that it comes from. */
  readonly training: string;
  /** All of them: a re-fit starts from the training, whatever earlier ones learned. */
  readonly corrections: Corrections;
  readonly families: readonly Family[];
  /** Folder of the new bundle; must not be there. */
  readonly out: string;
  /** Threads that stackers have together: as many are fitted at once, and idle ones help where models stay the same. */
  readonly threads: number;
  /** What computes nets. */
  readonly device: Device;
  readonly signal: AbortSignal;
  /** @param fraction 0 to 1 */
  readonly onProgress?: (fraction: number, note: string) => void;
}

type Reporting = Required<Pick<RefitRequest, 'threads' | 'device' | 'signal' | 'onProgress'>>;

/**
 * Fits the second level of a bundle again, to the training's clips and to clips that people have reviewed, in the folds
 * of the training, and writes a new bundle. The first level is taken as it is: nothing is decoded, and no net is trained.
 *
 * The columns of a training clip are what the one model said that did not learn from its fold; those of a reviewed
 * clip are the mean over the models of all folds, none of which learned from it: as the pipeline gives test clips to
 * the same stackers. The two differ a little. A mean of models is surer than one model, so columns of reviewed clips are
 * somewhat too good an example of a single model's; and where a reviewed clip is of a training site, all models but one
 * have learned from other clips of that site. The scores of reviewed clips share that bias, before and after alike.
 * @throws RefitError, BundleError, FeatureTableError; the signal's reason. The old bundle is never changed, and of the new one nothing is left
 */
export async function refitSecondLevel({
  bundle: folder,
  training: artifacts,
  corrections,
  families,
  out,
  threads,
  device,
  signal,
  onProgress = () => undefined,
}: RefitRequest): Promise<RefitCard> {
  refuseTaken(out);
  const bundle = await readBundle(folder);
  const { manifest } = bundle;
  const training = await openRefitTraining(artifacts, { manifest, families });
  const gathered = gatherCorrections(corrections, training);
  const earlier = await readRefitCard(folder, manifest);
  const rows = await refitRows(training, gathered, {
    sources: corrections.sources,
    manifest,
    families,
    pinned: earlier?.siteFolds ?? {},
  });
  const before = await beforeRefit(rows, { folder, manifest, artifacts, families });
  const { models, members } = await fitMembers(training, rows, { threads, device, signal, onProgress });
  const { classes } = manifest;
  const { seed, folds } = training.facts;
  const ensemble = bundledFamily(families, 'ensemble', manifest.ensemble);
  const { predictions, weights, calibration, thresholds } = judgeEnsemble(
    ensemble,
    { members, labels: rows.labels, folds: rows.foldOf, classes: classes.length },
    { settings: ensemble.settings[manifest.profile], classes, sites: siteGroups(rows.sites), seed },
  );
  const counts = {
    reviewed: gathered.added.length,
    relabelled: gathered.relabelled.size,
    confirmed: gathered.confirmed,
  };
  const base = firstLevelDigest(bundle);
  const card: RefitCard = {
    schema: 1,
    base,
    before: bundle.digest,
    dataset: manifest.dataset,
    seed,
    folds,
    corrections: counts,
    scores: refitScores(rows, { before, after: predictions, classes, seed }),
    siteFolds: rows.folds,
  };
  signal.throwIfAborted();
  await writeRefitBundle({ folder, manifest }, out, {
    models,
    ensemble: { weights: weights.weights, calibration: calibration.methods[calibration.applied].fitted, thresholds },
    refit: { base, corrections: counts.reviewed + counts.relabelled },
    async writeRefit(temporary) {
      await writeFileAtomic(join(temporary, refitCardFile), `${canonicalJson(card)}\n`);
      await writeNetPredictions(join(temporary, refitOutOfFoldFile), {
        filenames: rows.keys,
        classes,
        probabilities: predictions,
        folds: rows.foldOf,
      });
      return { card: refitCardFile, outOfFold: refitOutOfFoldFile };
    },
  });
  return card;
}

/** Fits every member; of the models only their texts stay. */
async function fitMembers(
  { members, facts: { classes, folds, seed } }: RefitTraining,
  { matrix, labels, foldOf }: RefitRows,
  { threads, device, signal, onProgress }: Reporting,
): Promise<{ models: Map<string, string[]>; members: { name: string; probabilities: Float64Array }[] }> {
  const done = new Map<string, number>();
  const models = new Map<string, string[]>();
  const predictions = new Map<string, Float64Array>();
  const report = (member: string, fraction: number, note: string) => {
    done.set(member, fraction);
    onProgress([...done.values()].reduce((sum, part) => sum + part, 0) / members.length, `${member} ${note}`);
  };
  // A device that is no CPU takes one at a time.
  await forEachConcurrently(
    members,
    device === 'cpu' ? threads : 1,
    signal,
    async ({ family, member, settings }: RefitMember) => {
      const fitted = await fitFolds({
        family,
        member,
        settings,
        matrix,
        labels,
        foldOf,
        folds,
        classes: classes.length,
        seed,
        threads: Math.max(1, Math.floor(threads / members.length)),
        device,
        signal,
        report: (fraction, note) => report(member, fraction, note),
      });
      try {
        const texts: string[] = [];
        for (const model of fitted.models) texts.push(await model.toText());
        models.set(member, texts);
        predictions.set(member, fitted.outOfFold);
        report(member, 1, 'done');
      } finally {
        for (const model of fitted.models) model.dispose();
      }
    },
  );
  return {
    models,
    members: members.map(({ member }) => ({
      name: member,
      probabilities: predictions.get(member) ?? new Float64Array(),
    })),
  };
}

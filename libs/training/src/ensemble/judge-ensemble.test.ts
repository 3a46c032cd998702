import { mkdir, writeFile } from 'node:fs/promises';
import type { EnsembleFamily, EnsembleSettings } from '@primatrix/families';
import { logLoss } from '@primatrix/metrics';
import { Rng } from '@primatrix/rng';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import {
  calibrationFile,
  ensembleWeightsFile,
  readEnsembleCalibration,
  readEnsembleThresholds,
  readEnsembleWeights,
  thresholdsFile,
} from './ensemble-files.ts';
import { judgeEnsemble } from './judge-ensemble.ts';
import { nestedPredictions } from './nested-ensemble.ts';

const classes = ['blank', 'hog'];
const settings: EnsembleSettings = { weights: 'coordinate', calibration: 'temperature', lose: [0.1, 0.2] };

/** Searched: all weight to the member of least loss. Calibrated: shrunk towards the mean label. */
const family: EnsembleFamily = {
  kind: 'ensemble',
  name: 'test',
  version: '1.0.0',
  summary: 'for tests',
  settings: { laptop: settings, competition: settings },
  weigh(how, members, labels) {
    const losses = members.map(({ probabilities }) => logLoss({ classes, predictions: probabilities, labels }));
    const best = losses.indexOf(Math.min(...losses));
    return Object.fromEntries(
      members.map(({ name }, m) => [name, how === 'original' ? 1 / members.length : m === best ? 1 : 0]),
    );
  },
  calibrate: (method, _probabilities, labels) =>
    method === 'none'
      ? { method }
      : { method: 'temperature', temperature: 1 + labels.reduce((sum, label) => sum + label, 0) / labels.length },
  combine(members, weights, calibration = { method: 'none' }) {
    const mean = new Float64Array(members[0]?.probabilities.length ?? 0).map((_, i) =>
      members.reduce(
        (sum, { name, probabilities }) => sum + (weights[name] as number) * (probabilities[i] as number),
        0,
      ),
    );
    return calibration.method === 'temperature' ? mean.map((p) => 0.5 + (p - 0.5) / calibration.temperature) : mean;
  },
};

const rng = new Rng(12);
const rows = 60;
const labels = Uint8Array.from({ length: rows * 2 }, (_, i) => (i % 2 === 0 ? Number(rng.uniform() < 0.4) : 0));
for (let row = 0; row < rows; row++) labels[row * 2 + 1] = 1 - (labels[row * 2] as number);
const guess = () =>
  Float64Array.from(labels, (label) =>
    Math.min(0.99, Math.max(0.01, 0.5 + 0.2 * (2 * label - 1) + 0.3 * rng.normal())),
  );
const clips = {
  members: Array.from({ length: 6 }, (_, i) => ({ name: `m${i}`, probabilities: guess() })),
  labels,
  folds: Int32Array.from({ length: rows }, (_, row) => 1 + (row % 5)),
  classes: 2,
};
const sites = { groupOf: Uint32Array.from({ length: rows }, (_, row) => row % 15), groups: 15, bySite: true };
const judged = judgeEnsemble(family, clips, { settings, classes, sites, seed: 1 });

describe('judgeEnsemble', () => {
  it('scores what is used on clips that had no part in it', () => {
    expect(judged.predictions).toEqual(nestedPredictions(family, clips, settings));
    expect(judged.weights.outOfFold.logLoss).toBe(logLoss({ classes, labels, predictions: judged.predictions }));
    expect(judged.weights.outOfFold).toEqual(
      expect.objectContaining({ logLoss: judged.calibration.methods.temperature.nested.logLoss }),
    );
    expect(judged.weights).toMatchObject({
      used: { weights: 'coordinate', calibration: 'temperature' },
      clips: rows,
      groups: { by: 'site', count: 15 },
    });
    expect(judged.weights.weights).toEqual(judged.weights.weighings.coordinate.weights);
    expect(judged.calibration.applied).toBe('temperature');
  });

  it('tells the flattered score from the nested one', () => {
    const { coordinate, original } = judged.weights.weighings;
    // The best of six equally good members on the clips it was chosen on.
    expect(coordinate.flattered.logLoss).toBeLessThan(coordinate.nested.logLoss);
    expect(coordinate.flattered.logLoss).toBe(
      Math.min(...Object.values(judged.weights.members).map((member) => member.logLoss)),
    );
    expect(original.nested.logLoss).toBeCloseTo(original.flattered.logLoss, 12);
    expect(original.gain).toEqual({ gain: 0, standardError: 0 });
    expect(coordinate.gain.gain).toBeCloseTo(original.nested.logLoss - coordinate.nested.logLoss, 12);
  });

  it('finds a threshold for each target on the final predictions, or says why there is none', () => {
    expect(judged.thresholds.answers.map(({ lose, clips: all, groups }) => [lose, all, groups])).toEqual([
      [0.1, rows, 15],
      [0.2, rows, 15],
    ]);
    const sounds = judgeEnsemble(family, clips, { settings, classes: ['dog', 'rain'], sites, seed: 1 });
    expect(sounds.thresholds).toEqual({ answers: [], note: expect.stringContaining('no class "blank"') });
  });

  it('comes back from its files as it was', async () => {
    await using folder = await temporaryFolder();
    await mkdir(folder.join('ensemble'));
    await writeFile(folder.join(ensembleWeightsFile), JSON.stringify(judged.weights));
    await writeFile(folder.join(calibrationFile), JSON.stringify(judged.calibration));
    await writeFile(folder.join(thresholdsFile), JSON.stringify(judged.thresholds));
    expect(await readEnsembleWeights(folder.path)).toEqual(judged.weights);
    expect(await readEnsembleCalibration(folder.path)).toEqual(judged.calibration);
    expect(await readEnsembleThresholds(folder.path)).toEqual(judged.thresholds);
  });
});

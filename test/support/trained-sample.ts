import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import type { TestProject } from 'vitest/node';
import { run } from './primatrix.ts';

/** A sample dataset and what an undisturbed training made of it; read only, shared by all files of a run. */
export interface TrainedSample {
  /** Dataset folder of 32 clips, three of them damaged. */
  readonly dataset: string;
  /** `artifacts/<dataset>`. */
  readonly artifacts: string;
  readonly bundle: string;
  readonly sampleSummary: string;
  readonly trainingSummary: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    trainedSample: TrainedSample;
  }
}

/** Options of every training in these tests: the smallest that is still all of the pipeline. */
export const trainingOptions = ['--folds', '2', '--only', 'net-imagehash-gru'] as const;

/** Once a run: makes the sample and trains on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder('primatrix-e2e-');
  try {
    const dataset = folder.join('sample');
    const sample = await run(['sample', '--out', dataset, '--clips', '32', '--json']);
    if (sample.status !== 0) throw new Error(`sample ended with ${sample.status}: ${sample.stderr}`);
    const artifacts = folder.join('artifacts');
    const trained = await run(['train', '--dataset', dataset, '--artifacts', artifacts, '--json', ...trainingOptions]);
    // 1: the sample holds a file that is no clip. So does a training that broke off, which leaves no report.
    if (trained.status !== 1 || !existsSync(join(artifacts, 'sample/report/index.html'))) {
      throw new Error(`train ended with ${trained.status}: ${trained.stderr}`);
    }
    project.provide('trainedSample', {
      dataset,
      artifacts: join(artifacts, 'sample'),
      bundle: join(artifacts, 'sample/bundle'),
      sampleSummary: sample.stdout,
      trainingSummary: trained.stdout,
    });
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return () => folder.remove();
}

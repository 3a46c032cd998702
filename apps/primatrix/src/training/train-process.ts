import { setPriority } from 'node:os';
import { join } from 'node:path';
import { doAsChild } from '@primatrix/child-process';
import { prepareFamilies } from '@primatrix/families';
import { waitForLock } from '@primatrix/files';
import type { FromTraining } from '@primatrix/gateway';
import { familySet, runPlan, trainingSummary, trainPlan } from '@primatrix/training';
import { installedFamilies } from '../installed-families.ts';
import { openTraining } from './open-training.ts';
import type { ForkTraining } from './fork-training.ts';

// Trains in a process of its own, as `primatrix train` does: pages answer and clips are predicted meanwhile, and what was finished is found again.
await doAsChild<ForkTraining, FromTraining>(async ({ settings, send, stop }) => {
  // What people wait for at the pages goes first.
  setPriority(10);
  const { dataset, artifacts, effort, folds, models, modelsDir, device, threads, seed } = settings;
  const options = { dataset, artifacts, profile: 'laptop', folds, seed, device, threads, models: modelsDir } as const;
  let stages = { done: 0, all: 0 };
  let known = false;
  // One at a time in a folder: a training that a killed gateway left may still be ending.
  await using _lock = await waitForLock(join(artifacts, '.lock'), 'train', { signal: stop });
  const thorough = { ...options, ...(models.length === 0 ? {} : { model: models }) };
  const training = await openTraining(
    effort === 'thorough' ? thorough : { ...thorough, only: await quickNets(thorough) },
  );
  await prepareFamilies(training.families, {
    signal: stop,
    onProgress: ({ name }) => void send({ type: 'progress', done: 0, at: `${name}:prepare`, stages, known: true }),
  });
  const stagesOfPlan = trainPlan(training);
  stages = { done: 0, all: stagesOfPlan.length };
  let told = 0;
  await runPlan(stagesOfPlan, {
    artifacts: training.artifacts,
    signal: stop,
    parallel: threads,
    memory: process.availableMemory(),
    events: {
      onStage({ state }) {
        if (state === 'started') return;
        stages = { ...stages, done: stages.done + 1 };
        known = state === 'cached';
      },
      onProgress({ done, stage }) {
        const now = performance.now();
        if (!known && now - told < 100) return;
        told = now;
        void send({ type: 'progress', done, at: stage, stages, known });
        known = false;
      },
    },
  });
  const { clips, ensemble } = await trainingSummary(training);
  const { accuracy, logLoss, standardError } = ensemble;
  await send({ type: 'done', score: { clips: clips.total - clips.failed, accuracy, logLoss, standardError } });
});

/** Nets over models where there are any, else the one of the profile whose stages cost least. */
async function quickNets(thorough: Parameters<typeof openTraining>[0]): Promise<string[]> {
  const none = { ...thorough, only: [] };
  const { nets } = familySet((await openTraining(none)).families, thorough.profile);
  if (nets.length > 0) return [];
  const installed = (await installedFamilies()).filter((family) => family.kind === 'nets');
  const costs: { readonly name: string; readonly cost: number }[] = [];
  for (const { name } of installed.filter(({ profiles }) => profiles.includes(thorough.profile))) {
    const plan = trainPlan(await openTraining({ ...thorough, only: [name] }));
    costs.push({ name, cost: plan.reduce((sum, stage) => sum + stage.cost, 0) });
  }
  costs.sort((a, b) => a.cost - b.cost);
  return costs.slice(0, 1).map(({ name }) => name);
}

import { setPriority } from 'node:os';
import { join } from 'node:path';
import { PrimatrixError } from '@primatrix/contracts';
import { prepareFamilies } from '@primatrix/families';
import { waitForLock } from '@primatrix/files';
import type { FromTraining } from '@primatrix/gateway';
import { familySet, runPlan, trainingSummary, trainPlan } from '@primatrix/training';
import { installedFamilies } from '../installed-families.ts';
import { openTraining } from './open-training.ts';
import type { ForkTraining } from './fork-training.ts';

// Trains in a process of its own, as `primatrix train` does: pages answer and clips are predicted meanwhile, and what was finished is found again.
const { dataset, artifacts, effort, folds, models, modelsDir, device, threads, seed } = JSON.parse(
  process.argv[2] ?? '{}',
) as ForkTraining;
const send = (message: FromTraining) =>
  new Promise<void>((resolve) => (process.connected ? process.send?.(message, () => resolve()) : resolve()));
const stop = new AbortController();
// Ctrl-C in a terminal reaches this process, too: the gateway says when to stop.
process.on('SIGINT', () => undefined);
process.once('disconnect', () => stop.abort());
// What people wait for at the pages goes first.
setPriority(10);

const options = { dataset, artifacts, profile: 'laptop', folds, seed, device, threads, models: modelsDir } as const;

let stages = { done: 0, all: 0 };
let known = false;

/** One at a time in a folder: a training that a killed gateway left may still be ending. */
async function train(): Promise<void> {
  await using _lock = await waitForLock(join(artifacts, '.lock'), 'train', { signal: stop.signal });
  const thorough = { ...options, ...(models.length === 0 ? {} : { model: models }) };
  const training = await openTraining(
    effort === 'thorough' ? thorough : { ...thorough, only: await quickNets(thorough) },
  );
  await prepareFamilies(training.families, {
    signal: stop.signal,
    onProgress: ({ name, note }) =>
      void send({ type: 'progress', done: 0, note: `prepare ${name} (once): ${note}`, stages, known: true }),
  });
  const stagesOfPlan = trainPlan(training);
  stages = { done: 0, all: stagesOfPlan.length };
  let told = 0;
  await runPlan(stagesOfPlan, {
    artifacts: training.artifacts,
    signal: stop.signal,
    parallel: threads,
    memory: process.availableMemory(),
    events: {
      onStage({ state }) {
        if (state === 'started') return;
        stages = { ...stages, done: stages.done + 1 };
        known = state === 'cached';
      },
      onProgress({ done, stage, note }) {
        const now = performance.now();
        if (!known && now - told < 100) return;
        told = now;
        void send({ type: 'progress', done, note: `${stage} ${note}`.trim(), stages, known });
        known = false;
      },
    },
  });
  const { clips, ensemble } = await trainingSummary(training);
  const { accuracy, logLoss, standardError } = ensemble;
  await send({ type: 'done', score: { clips: clips.total - clips.failed, accuracy, logLoss, standardError } });
}

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

try {
  await train();
} catch (error) {
  const hint = error instanceof PrimatrixError ? error.hint : undefined;
  await send({
    type: 'failed',
    message: `${error instanceof Error ? error.message : String(error)}${hint === undefined ? '' : ` (${hint})`}`,
  });
}
if (process.connected) process.disconnect();

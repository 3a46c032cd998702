import { familySet, stageId, trainPlan } from '@primatrix/training';
import { expect, it } from 'vitest';
import { rehearsedTraining, usualClassCounts } from './rehearsed-training.ts';
import { rehearsalSteps } from './steps.ts';

const size = {
  ...{ folder: '/nonexistent', profile: 'competition' as const, clips: 5_000 },
  ...{ classCounts: usualClassCounts, rounds: 2, threads: 1 },
};

it('has the shares of the three parts and of the classes, spread over the whole order, the same each time', async () => {
  const training = await rehearsedTraining(size);
  const { clips, classes, submission } = training.dataset;
  const shareOf = (split: string, of = clips) => of.filter((clip) => clip.split === split).length / of.length;
  expect(shareOf('train')).toBeCloseTo(200_000 / 451_388, 2);
  expect(shareOf('test')).toBeCloseTo(87_000 / 451_388, 2);
  expect(shareOf('train', clips.slice(0, 500))).toBeCloseTo(shareOf('train'), 1);
  expect(submission.filenames).toHaveLength(clips.filter(({ split }) => split === 'test').length);
  const labelled = clips.flatMap(({ labels }) => (labels === undefined ? [] : [labels]));
  expect(labelled.every((labels) => labels.reduce((sum, label) => sum + label, 0) === 1)).toBe(true);
  const [first = 0] = usualClassCounts.values();
  const all = [...usualClassCounts.values()].reduce((sum, count) => sum + count, 0);
  expect(labelled.filter((labels) => labels[0] === 1).length / labelled.length).toBeCloseTo(first / all, 1);
  expect(classes).toHaveLength(24);
  expect((await rehearsedTraining(size)).dataset).toEqual(training.dataset);
});

it("rehearses every stage behind ingest and features, with the competition's families", async () => {
  const training = await rehearsedTraining(size);
  const { nets } = familySet(training.families, 'competition');
  expect(nets.every(({ profiles }) => profiles.includes('competition'))).toBe(true);
  const names = new Set(rehearsalSteps(training).map(({ name }) => name));
  const drawn = /:(validate|predict|train-fold-[^1]+)$|^video-ingest:|:features$/;
  const stages = trainPlan(training).map(stageId);
  expect(stages.filter((id) => !drawn.test(id) && !names.has(id))).toEqual([]);
});

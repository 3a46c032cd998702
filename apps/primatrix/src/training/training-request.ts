import { resolve } from 'node:path';
import { trainingRequestSchema, type TrainingRequest } from '@primatrix/contracts';
import { defaultModelsDir } from '@primatrix/models';
import type { TrainingOptions } from './open-training.ts';

/** Options that name a folder or a file. */
const places = ['dataset', 'clips', 'labels', 'test', 'artifacts', 'weights'] as const;

/**
 * What a training is about, for trainers: paths are absolute, and device and threads are each trainer's own. So are models and weights
 * where no folder is named.
 */
export function requestOf(options: TrainingOptions): TrainingRequest {
  const { profile, folds, seed, only, net, model, models, lookWith, background, engine, timeOrder, standIn } = options;
  const { extraColumns, storage } = options;
  const request: Record<keyof TrainingRequest, unknown> = {
    ...(Object.fromEntries(
      places.map((place) => [place, options[place] === undefined ? undefined : resolve(options[place])]),
    ) as Record<(typeof places)[number], string | undefined>),
    ...{ profile, folds, seed, only, model, lookWith, background, engine, extraColumns, storage },
    net: net?.map((path) => resolve(path)),
    models: models === undefined || models === defaultModelsDir() ? undefined : resolve(models),
    timeOrder: timeOrder === undefined || timeOrder === 'modified' ? timeOrder : resolve(timeOrder),
    standIn: standIn === undefined ? undefined : Object.fromEntries(standIn),
  };
  // As it travels: what was not said is absent.
  return trainingRequestSchema.parse(JSON.parse(JSON.stringify(request)));
}

/** The options that a request stands for, on a machine that computes on a device and threads of its own. */
export function optionsOf(
  { standIn, ...request }: TrainingRequest,
  own: Pick<TrainingOptions, 'device' | 'threads' | 'models' | 'weights'>,
): TrainingOptions {
  return {
    ...own,
    ...request,
    ...(standIn === undefined ? {} : { standIn: new Map(Object.entries(standIn)) }),
  } as TrainingOptions;
}

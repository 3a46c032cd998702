import { siteGroups } from '@primatrix/dataset';
import type { NetSettings } from '@primatrix/families';
import { chooseStrength, fitLinearProbe, type LabelledRows, type LinearProbe } from '@primatrix/few-labels';
import {
  binaryCrossEntropy,
  exportInference,
  predictNet,
  resolveNet,
  SpecError,
  type EpochRecord,
  type NetLayer,
  type NetSpec,
  type NetWeights,
  type TrainingResult,
} from '@primatrix/nets';
import type { Training } from '../plan/training.ts';
import type { LabelledSample } from './net-samples.ts';

/** What a net has learnt, whichever way. */
export interface Learnt extends Pick<TrainingResult, 'weights' | 'bestEpoch' | 'bestValidLoss'> {
  readonly history: readonly Pick<EpochRecord, 'epoch' | 'loss' | 'validLoss'>[];
}

/** One thread gives the same sums everywhere. */
const threads = 1;

/**
 * Fits a net that ends in BatchNormalization and Dense in one go: the first to the mean and the deviation of what comes to it, the second
 * by logistic regression, each class against the rest. How strong that is fitted, clips of left-out sites say, among those that it learns
 * from.
 * @returns weights of the spec, and one epoch with the mean binary cross-entropy of both parts
 * @throws SpecError where the net ends in other layers, or layers before them would have to learn
 */
export async function fitProbe({
  training,
  spec,
  settings: { crops, padding = 'repeat' },
  train,
  valid,
  signal,
}: {
  readonly training: Training;
  readonly spec: NetSpec;
  readonly settings: NetSettings;
  readonly train: readonly LabelledSample[];
  readonly valid: readonly LabelledSample[];
  readonly signal: AbortSignal;
}): Promise<Learnt> {
  const classes = training.dataset.classes.length;
  const { pooling, width, normalisation, dense } = partsOf(spec);
  const rowsOf = async (samples: readonly LabelledSample[]): Promise<LabelledRows> => ({
    data: await predictNet(pooling, samples, { input: spec.input, classes: width, crops, padding, threads, signal }),
    rows: samples.length,
    width,
    labels: Uint8Array.from(samples.flatMap(({ labels }) => [...labels])),
    classes,
  });
  const learnt = await rowsOf(train);
  const siteOf = new Map(training.dataset.clips.map(({ filename, site }) => [filename, site]));
  const { groupOf } = siteGroups(train.map(({ id }) => ({ site: siteOf.get(id) })));
  const how = { oneAgainstRest: true, signal };
  const strength = await chooseStrength(learnt, Array.from(groupOf, String), how);
  const probe = await fitLinearProbe(learnt, { ...how, strength });
  const lossOf = async (rows: LabelledRows, samples: readonly LabelledSample[]) =>
    binaryCrossEntropy(Float32Array.from(await probe.predict(rows)), samples, classes);
  const validLoss = await lossOf(await rowsOf(valid), valid);
  return {
    weights: weightsOf(probe, normalisation, dense),
    history: [{ epoch: 1, loss: await lossOf(learnt, train), validLoss }],
    bestEpoch: 1,
    bestValidLoss: validLoss,
  };
}

/** What makes vectors of clips, and the two layers that are fitted. */
function partsOf(spec: NetSpec) {
  const layers = resolveNet(spec).layers;
  const [normalisation, dense] = layers.slice(-2);
  const before = layers.slice(0, -2);
  const width = normalisation?.input.length === 1 ? normalisation.input[0] : undefined;
  if (
    normalisation?.spec.type !== 'BatchNormalization' ||
    dense?.spec.type !== 'Dense' ||
    width === undefined ||
    before.length === 0 ||
    before.some(({ weights }) => weights.length > 0)
  ) {
    throw new SpecError(
      `nets: net '${spec.name}' is fitted as a linear probe, and must have layers without weights that make one vector of a clip, then BatchNormalization, and nothing after it`,
    );
  }
  const pooling = exportInference({ ...spec, layers: spec.layers.slice(0, -2) }, {});
  return { pooling, width, normalisation, dense };
}

function weightsOf(
  { mean, deviation, weights, bias, classes }: LinearProbe,
  normalisation: NetLayer,
  dense: NetLayer,
): NetWeights {
  const vector = (data: Float32Array) => ({ dtype: 'float32' as const, shape: [data.length], data });
  const epsilon = normalisation.spec.type === 'BatchNormalization' ? normalisation.spec.epsilon : 0;
  return {
    // What keeps the layer from dividing by 0 must not change what the probe divides by.
    [`${normalisation.name}/gamma`]: vector(deviation.map((value) => Math.sqrt(value * value + epsilon) / value)),
    [`${normalisation.name}/beta`]: vector(new Float32Array(mean.length)),
    [`${normalisation.name}/moving_mean`]: vector(mean),
    [`${normalisation.name}/moving_variance`]: vector(deviation.map((value) => value * value)),
    [`${dense.name}/kernel`]: { dtype: 'float32', shape: [mean.length, classes], data: weights },
    [`${dense.name}/bias`]: vector(bias),
  };
}

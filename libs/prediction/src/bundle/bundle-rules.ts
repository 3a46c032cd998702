import { isPlainPath } from '@primatrix/files';
import { z } from 'zod';
import { familiesBehind } from '../background/background-family.ts';
import { bundledModels } from './bundle-files.ts';

/** Above any bundle that a training makes, and below what would take this machine's memory or days. */
const most = {
  classes: 10_000,
  className: 200,
  crops: 1000,
  values: 2 ** 23,
  parts: 1000,
  columns: 1_000_000,
  rounding: 1e-6,
};

/** A file of a bundle: it lies below the bundle's folder, and its digest is known. */
export const bundledFileSchema = z.object({
  path: z
    .string()
    .refine(isPlainPath, { error: ({ input }) => `must lie in the bundle, got ${JSON.stringify(input)}` }),
  sha256: z.string(),
});

/** Models of one net or stacker, one a fold. */
export const modelsSchema = z.array(bundledFileSchema).min(1).max(most.parts);

/** Names of classes: as many as predictions have columns. */
export const classesSchema = z
  .array(z.string().min(1).max(most.className))
  .min(1)
  .max(most.classes)
  .refine((names) => new Set(names).size === names.length, 'must have no name twice');

/** What a crop of a clip has along each axis. */
export const axesSchema = z
  .array(z.int().positive())
  .min(1)
  .max(8)
  .refine((axes) => product(axes) <= most.values, {
    error: ({ input }) => `must have ${most.values} values in all or fewer, got ${(input as number[]).join(' × ')}`,
  });

/** How many crops of a clip a net looks at: in all, or along each axis. */
export const cropsSchema = z
  .union([z.int().positive(), z.array(z.int().positive()).min(1).max(8)])
  .refine((crops) => product([crops].flat()) <= most.crops, {
    error: ({ input }) =>
      `must be ${most.crops} in all or fewer, got ${[input as number | number[]].flat().join(' × ')}`,
  });

/** Parts of one kind. */
export const partsOf = <Part extends z.ZodType>(part: Part): z.ZodArray<Part> => z.array(part).max(most.parts);

/** Names of the columns that a stacker reads. */
export const columnsSchema = z.array(z.string()).max(most.columns);

/** What {@link bundleFaults} looks at. */
interface Parts {
  readonly classes: readonly string[];
  readonly neighbours: { readonly nets: readonly string[]; readonly ks: readonly number[] };
  readonly features: readonly {
    readonly family: string;
    readonly model?: { readonly files: readonly { readonly path: string }[] } | undefined;
    readonly background?:
      { readonly of: string; readonly motion?: string | undefined; readonly boxes: readonly string[] } | undefined;
  }[];
  readonly nets: readonly {
    readonly family: string;
    readonly reads: string;
    readonly input: readonly number[];
    readonly crop: readonly number[];
  }[];
  readonly stacks: readonly { readonly member: string }[];
  readonly ensemble: {
    readonly weights: Readonly<Record<string, number>>;
    readonly calibration:
      | { readonly method: 'none' }
      | { readonly method: 'temperature'; readonly temperature: number }
      | {
          readonly method: 'isotonic';
          readonly perClass: readonly { readonly from: readonly number[]; readonly to: readonly number[] }[];
        };
  };
}

/** A rule that the parts of a bundle break among each other. */
export interface BundleFault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** What is wrong with parts that are right one by one: they must name each other, and add up. */
export function bundleFaults({ classes, neighbours, features, nets, stacks, ensemble }: Parts): BundleFault[] {
  const faults: BundleFault[] = [];
  const fault = (message: string, ...path: (string | number)[]) => void faults.push({ path, message });
  for (const [kind, names] of [
    ['features', features.map(({ family }) => family)],
    ['nets', nets.map(({ family }) => family)],
    ['stacks', stacks.map(({ member }) => member)],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) fault(`must have '${twice}' once`, kind);
  }
  const made = new Set(features.flatMap(({ family, background }) => (background === undefined ? [family] : [])));
  for (const [i, { family, model, background }] of features.entries()) {
    for (const name of background === undefined ? [] : familiesBehind(background)) {
      if (!made.has(name)) fault(`names no features of the bundle: '${name}'`, 'features', i, 'background');
    }
    const place = `${bundledModels}/${family}/`;
    const outside = model?.files.find(({ path }) => !path.startsWith(place));
    if (outside !== undefined) fault(`must lie in ${place}, got ${outside.path}`, 'features', i, 'model');
  }
  for (const [i, { reads, input, crop }] of nets.entries()) {
    if (!features.some(({ family }) => family === reads)) {
      fault(`names no features of the bundle: '${reads}'`, 'nets', i, 'reads');
    }
    if (crop.some((length, axis) => input[axis] !== length)) {
      fault(`must begin as the input, ${input.join(' × ')}, got ${crop.join(' × ')}`, 'nets', i, 'crop');
    }
  }
  for (const [i, name] of neighbours.nets.entries()) {
    if (!nets.some(({ family }) => family === name)) {
      fault(`names no net of the bundle: '${name}'`, 'neighbours', 'nets', i);
    }
  }
  if (neighbours.ks.some((k) => k > most.parts)) fault(`must be ${most.parts} or less`, 'neighbours', 'ks');
  const { weights, calibration } = ensemble;
  for (const [name, weight] of Object.entries(weights)) {
    if (!stacks.some(({ member }) => member === name)) fault('is no member of the bundle', 'ensemble', 'weights', name);
    else if (weight < 0 || weight > 1 + most.rounding) {
      fault(`must be from 0 to 1, got ${weight}`, 'ensemble', 'weights', name);
    }
  }
  const sum = Object.values(weights).reduce((total, weight) => total + weight, 0);
  if (stacks.length > 0 && Math.abs(sum - 1) > most.rounding) fault(`must add to 1, got ${sum}`, 'ensemble', 'weights');
  if (calibration.method === 'isotonic') {
    const { perClass } = calibration;
    if (perClass.length !== classes.length) {
      fault(
        `must have one line a class, ${classes.length}, got ${perClass.length}`,
        'ensemble',
        'calibration',
        'perClass',
      );
    }
    for (const [i, { from, to }] of perClass.entries()) {
      const rises = from.every((value, at) => at === 0 || value >= (from[at - 1] as number));
      if (from.length !== to.length || !rises || ![...from, ...to].every((p) => p >= 0 && p <= 1)) {
        fault('must lead probabilities that rise to as many, from 0 to 1', 'ensemble', 'calibration', 'perClass', i);
      }
    }
  }
  if (calibration.method === 'temperature' && (calibration.temperature < 1e-3 || calibration.temperature > 1e3)) {
    fault(`must be from 0.001 to 1000, got ${calibration.temperature}`, 'ensemble', 'calibration', 'temperature');
  }
  return faults;
}

function product(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a * b, 1);
}

import { readdir } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import { fileInFolder, sha256File } from '@primatrix/files';
import { readModelFacts, type ModelFacts } from '@primatrix/onnx';

/** A bundle folder is not one, is damaged, or does not fit what is installed. */
export class BundleError extends UsageError {}

/** Folder of a bundle with the weights that its feature families need. */
export const bundledWeights = 'weights';
/** Folder of a bundle with its models that are files, a folder each, called as the features that they make. */
export const bundledModels = 'models';

/** A file that a bundle names. */
interface NamedFile {
  readonly path: string;
  readonly sha256: string;
}

/** A net's model, and what it must take and give. */
interface NetParts {
  readonly classes: readonly string[];
  readonly nets: readonly {
    readonly family: string;
    readonly input: readonly number[];
    readonly models: readonly NamedFile[];
  }[];
}

const copyAgain = 'make the bundle again, or copy it whole (links as the files they lead to: cp -rL)';

/**
 * Checks that the files of a bundle lie in it and are whole, that no model draws in others, and that nets take and
 * give what the bundle says of them.
 * @throws BundleError naming the file
 */
export async function checkBundleFiles(
  folder: string,
  files: readonly NamedFile[],
  { classes, nets }: NetParts,
): Promise<void> {
  const places = new Map<string, string>();
  for (const { path, sha256 } of files) {
    const found = await fileInFolder(folder, path);
    if ('fault' in found) throw damaged(`${folder}/${path} ${found.fault}`);
    const digest = await sha256File(found.file).catch((cause: Error) => {
      throw damaged(`${found.file} cannot be read: ${cause.message}`);
    });
    if (digest !== sha256) throw damaged(`${found.file} is not the file that the bundle was made with`);
    places.set(path, found.file);
  }
  const weights = await readdir(join(folder, bundledWeights)).catch(() => []);
  // Backbones find theirs there by their own names.
  const stray = weights.find((name) => !name.startsWith('.') && !places.has(`${bundledWeights}/${name}`));
  if (stray !== undefined) throw damaged(`${folder}/${bundledWeights}/${stray} is not one of its files`);
  for (const [path, file] of places) {
    if (!path.endsWith('.onnx')) continue;
    for (const other of factsOf(file).externalFiles) {
      // Nothing of what a bundle computes with may be without a digest.
      if (!places.has(posix.join(dirname(path), other))) {
        throw damaged(`${file} takes tensors from another file, '${other}', that the bundle has no digest of`);
      }
    }
  }
  for (const { family, input, models } of nets) {
    for (const { path } of models) {
      const fault = netFault(places.get(path) as string, input, classes.length);
      if (fault !== undefined) throw damaged(`${family} does not fit the bundle: ${folder}/${path} ${fault}`);
    }
  }
}

/**
 * What a net's model lacks: an input `x`, [clips, …input], and an output `y`, [clips, classes]. Sizes it does not say
 * are any.
 */
function netFault(file: string, input: readonly number[], classes: number): string | undefined {
  const { inputs, outputs } = factsOf(file);
  const [x] = inputs;
  const y = outputs.find(({ name }) => name === 'y');
  if (inputs.length !== 1 || x?.name !== 'x' || y === undefined) return 'has no input x and output y';
  const differs = (shape: readonly (number | null)[], wanted: readonly number[]) =>
    shape.length > 0 &&
    (shape.length !== wanted.length + 1 || wanted.some((size, i) => (shape[i + 1] ?? size) !== size));
  const sizes = (shape: readonly (number | null)[]) =>
    shape
      .slice(1)
      .map((size) => size ?? '?')
      .join(' × ');
  if (differs(x.shape, input)) return `takes ${sizes(x.shape)}, where the bundle says ${input.join(' × ')}`;
  if (differs(y.shape, [classes])) return `tells ${sizes(y.shape)} classes apart, and the bundle has ${classes}`;
  return undefined;
}

function factsOf(file: string): ModelFacts {
  try {
    return readModelFacts(file);
  } catch (cause) {
    throw new BundleError('BUNDLE_DAMAGED', `bundle: ${file} is no model: ${(cause as Error).message}`, {
      cause,
      hint: copyAgain,
    });
  }
}

function damaged(what: string): BundleError {
  return new BundleError('BUNDLE_DAMAGED', `bundle: ${what}`, { hint: copyAgain });
}

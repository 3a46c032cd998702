import { lstat, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import type { Command } from 'commander';
import { longName } from './option-tree.ts';

/**
 * Options that name what a command writes; `predict --records` is one, `refit --records` none; `threshold --artifacts`
 * is read.
 */
const written: readonly { readonly option: string; readonly of?: string }[] = [
  { option: 'out' },
  { option: 'records', of: 'predict' },
  { option: 'artifacts', of: 'train' },
  { option: 'project', of: 'serve' },
  { option: 'dir', of: 'demo' },
];

/**
 * Checks what a command is about to read and write before it does anything: of the clips that are named one at least
 * must be there, and what is written needs a place.
 * @throws UsageError INPUT_MISSING, OUT_FOLDER
 */
export async function checkPlaces(command: Command): Promise<void> {
  await checkClips(command);
  const values = command.opts<Record<string, unknown>>();
  for (const { option: name, of = command.name() } of written) {
    if (of !== command.name()) continue;
    const option = command.options.find((candidate) => longName(candidate) === name);
    const place = option === undefined ? undefined : values[option.attributeName()];
    if (option === undefined || typeof place !== 'string') continue;
    const isFolder = /<dir>/.test(option.flags) || values['format'] === 'camtrap-dp';
    await checkParent(`--${name}`, place, isFolder);
  }
}

/** Who names several clips wants a row for each; who names none that is there has mistyped. */
async function checkClips(command: Command): Promise<void> {
  const clips = command.registeredArguments.flatMap((argument, i) =>
    argument.name() === 'clip' ? [command.processedArgs[i] as string | readonly string[] | undefined] : [],
  );
  const named = clips.flatMap((clip) => clip ?? []);
  // In an object store: asked there.
  if (named.length === 0 || named.some((path) => path.includes('://'))) return;
  const gone: string[] = [];
  for (const path of named) {
    // A link that leads nowhere is there, and what may not be looked at: what is wrong with it is said of it.
    const code = await lstat(path).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code === 'ENOENT' || code === 'ENOTDIR') gone.push(path);
  }
  const [first] = gone;
  // Two clips side by side need both; a list keeps a row for the one that is not there.
  const each = clips.every((clip) => typeof clip === 'string');
  if (first === undefined || (!each && gone.length < named.length)) return;
  throw new UsageError('INPUT_MISSING', `${command.name()}: there is no file or folder ${first}`, {
    hint: `seen from ${process.cwd()}: check the path`,
    fields: { path: first },
  });
}

/** A file needs its folder; a folder that is to be made may bring the one above it along, as in `--out data/sample`. */
async function checkParent(option: string, place: string, isFolder: boolean): Promise<void> {
  const parent = dirname(resolve(place));
  const needed = isFolder ? dirname(parent) : parent;
  const there = await stat(isFolder && (await isThere(parent)) ? parent : needed).catch(() => undefined);
  if (there?.isDirectory() === true) return;
  throw new UsageError(
    'OUT_FOLDER',
    there === undefined
      ? `${option} ${place}: there is no folder ${needed}`
      : `${option} ${place}: ${needed} is no folder`,
    { hint: 'make it first, or name another place', fields: { path: needed } },
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

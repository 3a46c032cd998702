import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '@primatrix/contracts';
import type { Dataset } from '@primatrix/dataset';
import type { FeatureFamily } from '@primatrix/families';
import { InvalidArgumentError } from 'commander';
import { count } from '../terminal/format.ts';

/** Reads `<family>=<folder>` and adds it to those before. */
export function standIn(text: string, before: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) {
    throw new InvalidArgumentError(`It must read <family>=<folder>, as micro=/data/micro, got '${text}'.`);
  }
  return new Map(before).set(text.slice(0, at), resolve(text.slice(at + 1)));
}

/**
 * Checks that ready clips are there, and for families that look at them. How many are missing is said on stderr.
 * @throws UsageError STAND_IN
 */
export async function checkStandIns(
  standIns: ReadonlyMap<string, string>,
  features: readonly FeatureFamily[],
  { clips }: Dataset,
): Promise<ReadonlyMap<string, string>> {
  for (const [family, folder] of standIns) {
    if (!features.some(({ name }) => name === family)) {
      throw new UsageError('STAND_IN', `--stand-in: this training makes no features '${family}'`, {
        hint: `it makes ${features.map(({ name }) => name).join(', ')}`,
      });
    }
    let there = 0;
    for (const { filename } of clips) {
      if ((await stat(join(folder, filename)).catch(() => undefined))?.isFile() === true) there += 1;
    }
    if (there === 0) {
      throw new UsageError('STAND_IN', `--stand-in: ${folder} has a ready clip of none of the clips`, {
        hint: `it must have files of the clips' own names, for example ${clips[0]?.filename ?? 'clip_0001.mp4'}`,
      });
    }
    if (there < clips.length) {
      const lacking = count(clips.length - there, 'clip');
      process.stderr.write(
        `warning: ${folder}: no ready clip of ${lacking} of ${clips.length}: no ${family} of those\n`,
      );
    }
  }
  return standIns;
}

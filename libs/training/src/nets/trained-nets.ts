import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NetFamily } from '@primatrix/families';
import { z } from 'zod';
import { familySet, type Training } from '../plan/training.ts';
import type { LabelledSample } from './net-samples.ts';

const cardSchema = z.object({
  /** Why the net was not trained; absent where it was. */
  leftOut: z.string().optional(),
  outOfFold: z.object({ logLoss: z.number(), accuracy: z.number() }).optional(),
});

/** What a net's `card.json` says of its training. */
export type NetCard = z.infer<typeof cardSchema>;

/**
 * Why a net cannot be trained: some fold leaves it nothing to learn from, or nothing to be judged by. A dataset of sounds
 * has no pictures for the nets that look, and one of silent clips nothing for those that listen.
 * @returns undefined where it can
 */
export function reasonToLeaveOut(
  labelled: readonly LabelledSample[],
  feature: string,
  folds: number,
): string | undefined {
  if (labelled.length === 0) return `no labelled clip has '${feature}' features`;
  for (let fold = 1; fold <= folds; fold++) {
    const inside = labelled.filter((sample) => sample.fold === fold).length;
    if (inside === 0) return `no clip of fold ${fold} has '${feature}' features`;
    if (inside === labelled.length) return `only clips of fold ${fold} have '${feature}' features`;
  }
  return undefined;
}

/** Reads what a net's validate stage left. */
export async function readNetCard(artifacts: string, net: string): Promise<NetCard> {
  return cardSchema.parse(JSON.parse(await readFile(join(artifacts, `nets/${net}/card.json`), 'utf8')));
}

/**
 * The nets of a training that were not left out. Their validate stages must have run.
 * @param among names of nets to look at; default all
 */
export async function trainedNets(training: Training, among?: readonly string[]): Promise<readonly NetFamily[]> {
  const nets = familySet(training.families, training.profile).nets.filter(({ name }) => among?.includes(name) ?? true);
  const cards = await Promise.all(nets.map(({ name }) => readNetCard(training.artifacts, name)));
  return nets.filter((_, i) => cards[i]?.leftOut === undefined);
}

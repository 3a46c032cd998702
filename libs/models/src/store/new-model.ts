import { copyFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { csvLine, makeFolder, writeFileAtomic, writeTextAtomic } from '@primatrix/files';
import type { Label } from '../folder/labels.ts';
import type { ModelCard } from '../folder/model-card.ts';
import { cardName, type ModelFolder } from '../folder/model-folder.ts';

/** A model that is about to be kept: its card, where its files lie now, and its labels. */
export interface NewModel {
  readonly card: ModelCard;
  /** Folder that the files of the card lie in. */
  readonly from: string;
  /** By class; empty for an encoder. */
  readonly labels: readonly Label[];
  /** Files of the card that lie nowhere yet: what is in them, by name. */
  readonly made?: ReadonlyMap<string, Uint8Array>;
}

/**
 * Writes a model as a folder of ours, whatever form it came in: card, weights, labels, and texts that licences want to be kept.
 * @returns paths of all files below the folder
 */
export async function writeModel(folder: string, { card, from, labels, made }: NewModel): Promise<string[]> {
  const written: string[] = [];
  const copy = async (source: string, name: string) => {
    await makeFolder(dirname(join(folder, name)));
    await copyFile(source, join(folder, name));
    written.push(name);
  };
  const write = async (name: string, content: string | Uint8Array) => {
    if (typeof content === 'string') await writeTextAtomic(join(folder, name), content);
    else await writeFileAtomic(join(folder, name), content);
    written.push(name);
  };
  await makeFolder(folder);
  for (const { file } of [card, ...(card.data ?? [])]) {
    const content = made?.get(file);
    if (content === undefined) await copy(join(from, file), file);
    else await write(file, content);
  }
  for (const notice of await noticesIn(from)) await copy(notice, basename(notice));
  if ('labels' in card) await write(card.labels, labelsText(labels));
  await write(cardName, `${JSON.stringify(card, null, 2)}\n`);
  return written;
}

/** A model that is there as one that is to be kept elsewhere. */
export function asNewModel({ card, folder, labels }: ModelFolder): NewModel {
  return { card, from: folder, labels };
}

async function noticesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => /^(?:licen[cs]e|notice|copying)/i.test(name)).map((name) => join(folder, name));
}

function labelsText(labels: readonly Label[]): string {
  const rows = labels.map(({ name, group, scientificName, taxonRank }, i) => [
    ...[String(i), name, group, scientificName ?? '', taxonRank ?? ''],
  ]);
  return [['index', 'name', 'group', 'scientific_name', 'taxon_rank'], ...rows].map(csvLine).join('');
}

import { stat } from 'node:fs/promises';
import { sha256File } from '@primatrix/files';
import { readModelFacts } from '@primatrix/onnx';
import type { Label } from '../folder/labels.ts';
import type { CardOf, ModelCard, PictureCard } from '../folder/model-card.ts';
import { ownFile } from '../folder/own-file.ts';
import { ModelError } from '../model-error.ts';

/** What somebody says of a model whose own files do not. */
export interface ModelWords {
  readonly name?: string;
  readonly version?: string;
  readonly licence?: string;
  readonly commercialUse?: boolean;
  readonly source?: string;
  readonly summary?: string;
}

type Kinds = PictureCard;
/** What only the kind of a model decides. */
export type KindPart = {
  [Kind in Kinds['kind']]: Pick<CardOf<Kind>, 'kind' | 'input' | 'output'> &
    Partial<Pick<CardOf<'detector'>, 'defaults'>>;
}[Kinds['kind']];

/** What a reader of a foreign form found, before files are checked. */
export interface ModelDraft {
  /** Folder, and the ONNX file in it. */
  readonly from: string;
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  readonly source: string;
  readonly part: KindPart;
  readonly labels: readonly Label[];
  /** The digest that the foreign form states; undefined where it states none. */
  readonly statedSha256?: string | undefined;
  /** What was filled in that the foreign form leaves open: sentences for people. */
  readonly assumed: readonly string[];
}

/**
 * Checks the files of a draft and makes its card.
 * @throws ModelError MODEL_FILE where a file is missing, lies outside, or is not the one that was stated
 */
export async function cardOfDraft(draft: ModelDraft, words: ModelWords): Promise<ModelCard> {
  const file = await ownFile(draft.from, draft.file);
  const sha256 = await sha256File(file);
  if (draft.statedSha256 !== undefined && draft.statedSha256 !== sha256) {
    throw new ModelError('MODEL_FILE', `${file} must have sha256 ${draft.statedSha256}, got ${sha256}`, {
      hint: 'it is not the file that its manifest speaks of: copy it again',
    });
  }
  const data = [];
  for (const external of readModelFacts(file).externalFiles) {
    const path = await ownFile(draft.from, external);
    data.push({ file: external, sha256: await sha256File(path), bytes: (await stat(path)).size });
  }
  const card = {
    schema: 1,
    name: words.name ?? draft.name,
    version: words.version ?? draft.version,
    summary: words.summary ?? draft.summary,
    file: draft.file,
    sha256,
    bytes: (await stat(file)).size,
    ...(data.length === 0 ? {} : { data }),
    licence: words.licence ?? 'unknown',
    commercialUse: words.commercialUse ?? null,
    source: words.source ?? draft.source,
    ...draft.part,
    ...(draft.labels.length === 0 ? {} : { labels: 'labels.csv' }),
  };
  // The schema of the card decides when it is read again.
  return card as ModelCard;
}

import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FeatureMatrix, StackFamily } from '@primatrix/families';
import { decodeSafetensors, writeTensorFile } from '@primatrix/tensor-store';
import { z } from 'zod';
import type { KeyedRun } from '../plan/stage.ts';
import type { Training } from '../plan/training.ts';
import { fitFold } from './fit-folds.ts';
import { secondLevelClips, type SecondLevelClips } from './second-level-clips.ts';
import { secondLevelMatrix } from './second-level-table.ts';

/** One variant of a stacker in a training. */
export interface StackMember {
  readonly family: StackFamily;
  readonly variant: string;
  /** Its name in the ensemble. */
  readonly member: string;
}

/** What fitting one fold leaves, until all folds of the variant are there. */
export interface StackFold {
  /** The model in its library's format. */
  readonly text: string;
  /** Gain a column. */
  readonly importance: Float64Array;
  /** Of the fold's clips, which the model did not see: [clips, classes]. */
  readonly predicted: Float64Array;
  /** Of the table that it was fitted to. */
  readonly columns: readonly string[];
}

const partSchema = z.object({ member: z.string(), fold: z.int().positive() });

/** The folds as work for several machines; see `Stage.parts`. */
export function stackParts({ folds }: Training, { member }: StackMember): readonly z.infer<typeof partSchema>[] {
  return Array.from({ length: folds }, (_, i) => ({ member, fold: i + 1 }));
}

/** Fits the fold that a part names, unless it is there. */
export async function makeStackPart(training: Training, of: StackMember, part: unknown, run: KeyedRun): Promise<void> {
  const { fold } = partSchema.parse(part);
  const folds = new StackFolds(training, of, run);
  if ((await folds.read(fold)) === undefined) await folds.make(fold);
}

const metadataSchema = z.object({ key: z.string(), columns: z.string() });
const columnsSchema = z.array(z.string());

/**
 * Folds of one variant, each in a file of its own until the variant is whole, so that a training that is killed does not fit them again.
 * Files of another key are as good as none.
 */
export class StackFolds {
  private readonly training: Training;
  private readonly of: StackMember;
  private readonly run: KeyedRun;
  private loaded: Promise<{ readonly clips: SecondLevelClips['labelled']; readonly matrix: FeatureMatrix }> | undefined;

  constructor(training: Training, of: StackMember, run: KeyedRun) {
    this.training = training;
    this.of = of;
    this.run = run;
  }

  /** The fold, where it has been fitted from the same things. */
  async read(fold: number): Promise<StackFold | undefined> {
    try {
      const { tensors, metadata } = decodeSafetensors(await readFile(this.path(fold)));
      const { key, columns } = metadataSchema.parse(metadata);
      const { model, importance, predicted } = tensors;
      if (key !== this.run.key || model?.dtype !== 'uint8') return undefined;
      if (importance?.dtype !== 'float64' || predicted?.dtype !== 'float64') return undefined;
      return {
        text: new TextDecoder().decode(model.data as Uint8Array),
        importance: importance.data as Float64Array,
        predicted: predicted.data as Float64Array,
        columns: columnsSchema.parse(JSON.parse(columns)),
      };
    } catch {
      // Not there, or damaged: it is fitted again.
      return undefined;
    }
  }

  /** Fits the fold and writes its file. */
  async make(fold: number): Promise<StackFold> {
    const { dataset, folds, seed, profile, context } = this.training;
    const { family, variant, member } = this.of;
    const { clips, matrix } = await this.rows();
    const { model, predicted } = await fitFold(
      {
        family,
        member,
        settings: family.variants[profile][variant] ?? null,
        matrix,
        labels: Uint8Array.from(clips.flatMap((clip) => [...clip.labels])),
        foldOf: Int32Array.from(clips, (clip) => clip.fold),
        folds,
        seed,
        threads: this.run.threads,
        device: context.device,
        classes: dataset.classes.length,
        signal: this.run.signal,
        report: (fraction, note) => this.run.report(fraction, note),
      },
      fold,
    );
    try {
      const text = await model.toText();
      const importance = Float64Array.from(await model.importance());
      const made: StackFold = { text, importance, predicted, columns: matrix.columns };
      const bytes = new TextEncoder().encode(text);
      const list = (data: Float64Array) => ({ dtype: 'float64' as const, shape: [data.length], data });
      await writeTensorFile(
        this.path(fold),
        {
          model: { dtype: 'uint8', shape: [bytes.length], data: bytes },
          importance: list(importance),
          predicted: list(predicted),
        },
        { key: this.run.key, columns: JSON.stringify(matrix.columns) },
      );
      return made;
    } finally {
      model.dispose();
    }
  }

  /** Removes the files: the variant is whole. */
  async remove(): Promise<void> {
    for (let fold = 1; fold <= this.training.folds; fold++) await rm(this.path(fold), { force: true });
  }

  private path(fold: number): string {
    return join(this.training.artifacts, `stack/${this.of.member}/.fold-${fold}.safetensors`);
  }

  private rows() {
    this.loaded ??= (async () => {
      const { labelled } = await secondLevelClips(this.training);
      const names = labelled.map((clip) => clip.filename);
      return { clips: labelled, matrix: await secondLevelMatrix(this.training, 'train', names) };
    })();
    return this.loaded;
  }
}

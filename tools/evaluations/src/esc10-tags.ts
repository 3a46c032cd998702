import { UsageError } from '@primatrix/contracts';
import type { ModelFolder } from '@primatrix/models';
import { listEsc10 } from './esc10-clips.ts';
import { hearEsc10, type HearOptions } from './hear-esc10.ts';

/** Sounds of AudioSet that stand for each class of ESC-10, chosen by their names before anything was scored. */
export const esc10Tags: Readonly<Record<string, readonly string[]>> = {
  'Dog bark': ['Dog', 'Bark'],
  Rain: ['Rain', 'Raindrop', 'Rain on surface'],
  'Sea waves': ['Waves, surf', 'Ocean'],
  'Baby cry': ['Baby cry, infant cry'],
  'Clock tick': ['Tick-tock', 'Tick', 'Clock'],
  'Person sneeze': ['Sneeze'],
  Helicopter: ['Helicopter'],
  Chainsaw: ['Chainsaw'],
  Rooster: ['Chicken, rooster', 'Crowing, cock-a-doodle-doo'],
  'Fire crackling': ['Fire', 'Crackle'],
};

/** What came of it; JSON. */
export interface Esc10TagsResult {
  readonly model: string;
  readonly clips: number;
  /** Of all clips, 0 to 1, and its standard error. */
  readonly accuracy: number;
  readonly standardError: number;
  readonly folds: readonly { readonly fold: number; readonly clips: number; readonly accuracy: number }[];
  readonly mistakes: readonly { readonly clip: string; readonly of: string; readonly heard: string }[];
}

/**
 * Names the class of each clip by a classifier's own sounds: the class one of whose {@link esc10Tags} has the highest score. Nothing is
 * trained, so no clip is set apart.
 * @throws UsageError where a sound is no class of the model
 */
export async function evaluateEsc10Tags(
  data: string,
  folder: ModelFolder,
  options: HearOptions = {},
): Promise<Esc10TagsResult> {
  const { classes, clips, folds } = await listEsc10(data);
  const names = classes.map((name) => name.replaceAll('-', ' '));
  const columns = names.map((name) => columnsOf(name, folder));
  const heard = await hearEsc10(folder, clips, options);
  const right: boolean[] = [];
  const mistakes: { clip: string; of: string; heard: string }[] = [];
  for (const [i, clip] of clips.entries()) {
    const scores = columns.map((some) => Math.max(...some.map((column) => heard[i]?.row[column] ?? Number.NaN)));
    const said = scores.indexOf(Math.max(...scores));
    right.push(said === clip.label);
    if (said !== clip.label) {
      mistakes.push({ clip: clip.filename, of: names[clip.label] as string, heard: names[said] as string });
    }
  }
  const accuracyOf = (some: readonly boolean[]) => some.filter(Boolean).length / some.length;
  const accuracy = accuracyOf(right);
  return {
    model: `${folder.card.name} ${folder.card.version}`,
    clips: clips.length,
    accuracy,
    standardError: Math.sqrt((accuracy * (1 - accuracy)) / clips.length),
    folds: folds.map((fold) => {
      const own = right.filter((_, i) => clips[i]?.fold === fold);
      return { fold, clips: own.length, accuracy: accuracyOf(own) };
    }),
    mistakes,
  };
}

/** The columns of a clip's features that hold the highest score of each sound of a class. */
function columnsOf(name: string, { card, labels }: ModelFolder): string[] {
  const tags = esc10Tags[name];
  const missing = tags?.find((tag) => !labels.some((label) => label.name === tag));
  if (tags === undefined || missing !== undefined) {
    throw new UsageError(
      'ESC10_TAGS',
      tags === undefined
        ? `esc10: it is not known what stands for the class ${name}`
        : `esc10: ${card.name} must know the sound ${JSON.stringify(missing)}`,
      { hint: 'give a classifier of the sounds of AudioSet with --model' },
    );
  }
  return tags.map((tag) => `${tag}_highest`);
}

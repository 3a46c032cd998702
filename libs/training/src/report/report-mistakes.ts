import { forEachConcurrently } from '@primatrix/prediction';
import type { ReportMistake } from '@primatrix/report';
import { ClipError, clipThumbnail } from '@primatrix/video';
import type { Training } from '../plan/training.ts';
import { peopleInTraining } from './people-in-training.ts';
import type { ScoredMember } from './scored-members.ts';

/** Mistakes that are shown, each with a picture of about 6 kB. */
const mostShown = 24;
/** Clips decoded at once. */
const decodedAtOnce = 2;

/**
 * The surest of a member's mistakes with a picture of each, people on it blurred where a detector of the training saw them, and how many
 * there are in all.
 */
export async function reportMistakes(
  training: Training,
  member: ScoredMember,
  signal: AbortSignal,
): Promise<{ readonly shown: ReportMistake[]; readonly all: number; readonly peopleBlurred: boolean }> {
  const clipOf = new Map(training.dataset.clips.map((clip) => [clip.filename, clip]));
  const mistakes = mistakesOf(member);
  const thumbnails = new Map<string, Uint8Array>();
  const shown = mistakes.slice(0, mostShown);
  const people = await peopleInTraining(
    training,
    shown.map(({ filename }) => filename),
  );
  await forEachConcurrently(shown, decodedAtOnce, signal, async ({ filename }) => {
    try {
      // Whom the detector could not look at may show anybody.
      if (people?.has(filename) === false) return;
      const path = clipOf.get(filename)?.path ?? filename;
      thumbnails.set(filename, await clipThumbnail(path, { people: people?.get(filename), signal }));
    } catch (error) {
      // A clip of sound, or one that has gone since, is still a mistake to tell of.
      if (!(error instanceof ClipError)) throw error;
    }
  });
  return {
    all: mistakes.length,
    peopleBlurred: people !== undefined,
    shown: shown.map((mistake) => ({
      ...mistake,
      site: clipOf.get(mistake.filename)?.site ?? null,
      thumbnail: thumbnails.get(mistake.filename) ?? null,
    })),
  };
}

/** Clips whose likeliest class is not among their labels, the likeliest first. */
function mistakesOf({
  classes,
  filenames,
  predictions,
  labels,
}: ScoredMember): Omit<ReportMistake, 'site' | 'thumbnail'>[] {
  const width = classes.length;
  const found = filenames.flatMap((filename, row) => {
    const p = [...predictions.subarray(row * width, (row + 1) * width)];
    const shown = classes.flatMap((name, c) => (labels[row * width + c] === 1 ? [{ name, p: p[c] ?? 0 }] : []));
    const top = p.indexOf(Math.max(...p));
    if (labels[row * width + top] === 1) return [];
    const labelProbability = shown.length === 0 ? null : Math.max(...shown.map((label) => label.p));
    return [
      {
        filename,
        labels: shown.map(({ name }) => name),
        predicted: classes[top] ?? '',
        probability: p[top] ?? 0,
        labelProbability,
      },
    ];
  });
  return found.sort((a, b) => b.probability - a.probability || (a.filename < b.filename ? -1 : 1));
}

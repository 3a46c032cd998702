import { UsageError } from '@primatrix/contracts';
import { knownDigest } from '@primatrix/files';
import { peopleAreas, type PeopleAreas } from '@primatrix/video';
import { Option } from 'commander';
import { readPredictionSet } from './read-prediction-set.ts';

/** The option that hides people in what a command draws. */
export function blurPeopleOption(): Option {
  return new Option(
    '--blur-people <json>',
    'blur people where a detector saw them, by a result of predict --model in JSON; a clip that it lacks is refused',
  );
}

/**
 * Where people are in clips, by a result of a detector. Clips are known by their bytes: names may be others by now, and boxes of another
 * clip would hide nobody.
 * @param result file; undefined: nobody asked, and nothing is blurred
 * @returns in the order of the clips
 * @throws UsageError VISUALISE_PEOPLE where no detector that knows people looked at one of them
 */
export async function peopleInClips(
  result: string | undefined,
  paths: readonly string[],
): Promise<readonly (PeopleAreas | undefined)[]> {
  if (result === undefined) return paths.map(() => undefined);
  const { classes, predictions } = await readPredictionSet(result);
  const known = new Map(predictions.flatMap((row) => (row.sha256 === null ? [] : [[row.sha256, row] as const])));
  const people: (PeopleAreas | undefined)[] = [];
  for (const path of paths) {
    // A file that is gone is told of where it is opened.
    const digest = await knownDigest(path).catch(() => '');
    const seen = classes.includes('person') ? known.get(digest)?.seen : undefined;
    if (digest !== '' && (seen === undefined || seen.looks.length === 0)) {
      throw new UsageError(
        'VISUALISE_PEOPLE',
        `visualise: by ${result} no detector looked for people in ${path}: they cannot be blurred`,
        { hint: 'run predict --model with a detector that knows people over these clips, with --format json' },
      );
    }
    people.push(seen === undefined ? undefined : peopleAreas(seen));
  }
  return people;
}

import { join } from 'node:path';
import { readTensorFile } from '@primatrix/tensor-store';
import { peopleAreas, type PeopleAreas } from '@primatrix/video';
import { readFeatureIndex } from '../features/feature-index.ts';
import { familySet, type Training } from '../plan/training.ts';

/**
 * Where people are in clips of a training, by all of its detectors that know people.
 * @returns by filename, of those that were looked at; undefined where no such detector takes part
 */
export async function peopleInTraining(
  { artifacts, families, profile }: Training,
  filenames: readonly string[],
): Promise<ReadonlyMap<string, PeopleAreas> | undefined> {
  const finders = familySet(families, profile).features.filter(({ sightings }) => sightings !== undefined);
  if (finders.length === 0) return undefined;
  const wanted = new Set(filenames);
  const people = new Map<string, PeopleAreas>();
  for (const { name, settings, sightings } of finders) {
    for (const { filename, file } of (await readFeatureIndex(artifacts, name)).clips) {
      if (file === null || !wanted.has(filename) || sightings === undefined) continue;
      const seen = sightings(await readTensorFile(join(artifacts, file)), settings[profile]);
      if (seen.looks.length === 0) continue;
      const areas = peopleAreas(seen);
      const others = people.get(filename);
      people.set(filename, others === undefined ? areas : (frame) => [...others(frame), ...areas(frame)]);
    }
  }
  return people;
}

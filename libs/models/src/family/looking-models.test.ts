import { expect, it } from 'vitest';
import type { ModelCard } from '../folder/model-card.ts';
import type { ModelFolder } from '../folder/model-folder.ts';
import { lookingFacts } from './looking-models.ts';

const label = (name: string, group: 'animal' | 'person') => ({ name, group, scientificName: null, taxonRank: null });
const detector: ModelFolder = {
  ...{ folder: '', file: '', labels: [label('dog', 'animal'), label('person', 'person')] },
  card: { name: 'finder', version: '1.0.0', kind: 'detector', sha256: '0'.repeat(64) } as ModelCard,
};

it('results of another number of frames are others, and of the usual one what they were', () => {
  const usual = lookingFacts([detector]);
  expect(usual.classes).toEqual(['blank', 'animal', 'person']);
  expect(lookingFacts([detector], undefined)).toEqual(usual);
  const keys = [undefined, 15, 2].map((looks) => JSON.stringify(lookingFacts([detector], looks).key));
  expect(new Set(keys).size).toBe(3);
});

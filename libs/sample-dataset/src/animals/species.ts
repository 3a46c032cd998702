import { competitionClasses } from '@primatrix/contracts';
import { bird } from './bird.ts';
import { chimpanzee } from './chimpanzee.ts';
import { duiker } from './duiker.ts';
import { elephant } from './elephant.ts';
import { human } from './human.ts';
import { leopard } from './leopard.ts';
import { porcupine } from './porcupine.ts';
import type { Animal } from './animal.ts';

/** The kinds that can be drawn, by class name. */
export const animals = { bird, chimpanzee, elephant, human, leopard, porcupine, duiker } as const satisfies Record<
  string,
  Animal
>;

/** A class of the sample: a kind of animal, or `blank` for a clip of leaves in the wind. */
export type SampleClass = keyof typeof animals | 'blank';

/** The sample's eight classes, in the order of the competition's columns. */
export const sampleClasses: readonly SampleClass[] = competitionClasses.filter(
  (name): name is SampleClass & (typeof competitionClasses)[number] => name === 'blank' || name in animals,
);

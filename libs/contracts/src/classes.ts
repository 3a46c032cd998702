/**
 * The 24 classes of the Pri-matrix Factorization competition, in its own order. A dataset brings its own
 * list (the columns of its label table); this one is only the default of tools that have no dataset.
 */
export const competitionClasses = [
  'bird',
  'blank',
  'cattle',
  'chimpanzee',
  'elephant',
  'forest buffalo',
  'gorilla',
  'hippopotamus',
  'human',
  'hyena',
  'large ungulate',
  'leopard',
  'lion',
  'other (non-primate)',
  'other (primate)',
  'pangolin',
  'porcupine',
  'reptile',
  'rodent',
  'small antelope',
  'small cat',
  'wild dog',
  'duiker',
  'hog',
] as const;

import type { Rgb } from './picture.ts';

/** What the background of a camera site looks like. Fractions are of the picture's height or width. */
export interface Site {
  readonly name: string;
  /** Height of the line where the ground begins, from the top. */
  readonly horizon: number;
  readonly sky: readonly [Rgb, Rgb];
  /** Dark and light of the leaves behind the trunks. */
  readonly foliage: readonly [Rgb, Rgb];
  /** How far the wall of leaves reaches up: 0 none, 1 to the top. */
  readonly foliageReach: number;
  /** Far and near ground. */
  readonly ground: readonly [Rgb, Rgb];
  readonly trunks: { readonly count: number; readonly width: readonly [number, number]; readonly rgb: Rgb };
  readonly tufts: { readonly count: number; readonly rgb: Rgb };
  readonly extra: 'none' | 'water' | 'rocks' | 'log' | 'mound';
  /** Leaves in the foreground. */
  readonly leaf: Rgb;
}

/** The six sites of the sample. */
export const sites: readonly Site[] = [
  {
    name: 'bai-01',
    horizon: 0.42,
    sky: [
      [176, 198, 206],
      [214, 222, 214],
    ],
    foliage: [
      [44, 72, 40],
      [104, 138, 74],
    ],
    foliageReach: 0.62,
    ground: [
      [134, 142, 92],
      [122, 110, 78],
    ],
    trunks: { count: 4, width: [0.008, 0.018], rgb: [110, 102, 88] },
    tufts: { count: 70, rgb: [112, 140, 72] },
    extra: 'water',
    leaf: [74, 118, 52],
  },
  {
    name: 'forest-02',
    horizon: 0.5,
    sky: [
      [120, 148, 120],
      [150, 170, 130],
    ],
    foliage: [
      [36, 60, 34],
      [96, 130, 68],
    ],
    foliageReach: 0.9,
    ground: [
      [108, 102, 68],
      [118, 98, 70],
    ],
    trunks: { count: 9, width: [0.014, 0.045], rgb: [86, 74, 58] },
    tufts: { count: 40, rgb: [78, 112, 52] },
    extra: 'log',
    leaf: [62, 108, 44],
  },
  {
    name: 'ridge-03',
    horizon: 0.46,
    sky: [
      [150, 176, 200],
      [206, 212, 210],
    ],
    foliage: [
      [58, 78, 52],
      [122, 140, 90],
    ],
    foliageReach: 0.8,
    ground: [
      [128, 118, 88],
      [138, 116, 90],
    ],
    trunks: { count: 6, width: [0.01, 0.03], rgb: [122, 108, 92] },
    tufts: { count: 50, rgb: [122, 130, 72] },
    extra: 'rocks',
    leaf: [90, 122, 60],
  },
  {
    name: 'river-04',
    horizon: 0.5,
    sky: [
      [140, 170, 170],
      [190, 206, 190],
    ],
    foliage: [
      [30, 60, 42],
      [86, 132, 84],
    ],
    foliageReach: 0.9,
    ground: [
      [110, 116, 80],
      [126, 106, 80],
    ],
    trunks: { count: 5, width: [0.012, 0.035], rgb: [98, 88, 76] },
    tufts: { count: 60, rgb: [88, 128, 70] },
    extra: 'water',
    leaf: [60, 120, 66],
  },
  {
    name: 'savanna-05',
    horizon: 0.44,
    sky: [
      [156, 186, 216],
      [222, 220, 204],
    ],
    foliage: [
      [70, 84, 46],
      [136, 140, 80],
    ],
    foliageReach: 0.6,
    ground: [
      [150, 134, 86],
      [136, 114, 76],
    ],
    trunks: { count: 3, width: [0.01, 0.02], rgb: [116, 98, 78] },
    tufts: { count: 120, rgb: [178, 158, 88] },
    extra: 'mound',
    leaf: [126, 132, 62],
  },
  {
    name: 'thicket-06',
    horizon: 0.52,
    sky: [
      [130, 158, 128],
      [168, 184, 142],
    ],
    foliage: [
      [40, 66, 30],
      [118, 144, 66],
    ],
    foliageReach: 1,
    ground: [
      [100, 100, 60],
      [116, 98, 64],
    ],
    trunks: { count: 15, width: [0.006, 0.014], rgb: [122, 126, 74] },
    tufts: { count: 60, rgb: [104, 126, 56] },
    extra: 'none',
    leaf: [96, 134, 50],
  },
];

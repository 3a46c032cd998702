import type { NeighbourFamily } from '@primatrix/families';
import { writeNeighbourTable } from '@primatrix/feature-table';
import { packageOf } from '@primatrix/files';

const { version } = packageOf(import.meta.url);

/** The original's numbers of clips. */
const originalKs = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 40, 50];

/** Means of what the nets say of the k clips before and the k after a clip: animals stay, and come in groups. */
export const family: NeighbourFamily = {
  kind: 'neighbours',
  name: 'neighbours',
  version,
  summary: 'mean predictions of the clips before and after, at the same site or over all sites',
  settings: {
    // A few dozen clips drown in 240 columns: see docs/decisions/0008.
    laptop: { nets: ['net-vgg16-gru'], ks: [10], order: 'site', labelled: false },
    // As the original did. Modification times hold the order of its competition only as its download kept them.
    competition: {
      nets: ['net-inception-gru', 'net-vgg16-gru'],
      ks: originalKs,
      order: 'modified',
      window: 'places',
      labelled: false,
    },
  },
  write: writeNeighbourTable,
};

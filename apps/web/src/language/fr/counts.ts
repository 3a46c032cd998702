import type { Texts } from '../en/index.ts';
import { counted } from './formats.ts';

export const counts: Texts['counts'] = {
  clips: (clips) => counted(clips, 'clip', 'clips'),
  reviewedClips: (clips) => counted(clips, 'clip vérifié', 'clips vérifiés'),
  species: (species) => counted(species, 'espèce', 'espèces'),
  sites: (sites) => counted(sites, 'site', 'sites'),
  days: (days) => counted(days, 'jour', 'jours'),
  of: (part, all) => `${part} sur ${all}`,
  more: (left) => `et ${left} de plus`,
};

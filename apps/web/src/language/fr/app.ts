import type { Texts } from '../en/index.ts';

export const app: Texts['app'] = {
  signedOut: 'Vous n’êtes pas connecté. Ouvrez l’adresse que primatrix a affichée dans votre terminal.',
  skipToPage: 'Aller à la page',
  skipToClips: 'Aller aux clips',
  skipToClip: 'Aller au clip',
  project: 'Projet',
  pages: 'Pages',
  allClips: 'Tous les clips',
  addClips: 'Ajouter des clips',
  sites: 'Sites',
  season: 'Saison',
  warnings: (warnings) =>
    warnings === 1 ? 'Un avertissement sur ces prédictions' : `${warnings} avertissements sur ces prédictions`,
};

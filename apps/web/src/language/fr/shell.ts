import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

export const shell: Texts['shell'] = {
  language: 'Langue',
  loading: 'Chargement…',
  cancel: 'Annuler',
  close: 'Fermer',
  save: 'Enregistrer',
  noAnswer: 'le serveur ne répond pas : primatrix serve est-il encore en marche ?',
  reviewer: 'Vérifié par',
  reviewerExample: 'votre nom, pour les exports',
  undo: 'Annuler',
  closeMessage: 'Fermer ce message',
  decided: (clips, what) => `${clips} : ${what}.`,
  noteSaved: (clips) => `Note enregistrée pour ${clips}.`,
  settingSaved: (clip) => `${clip} : site et heure enregistrés.`,
  withoutPrediction: (clips) => `${counts.clips(clips)} sans prédiction : rien n’y change.`,
  expectedWrong: (clips) => `Erreurs attendues parmi eux : ${clips} environ.`,
  lessThanOne: 'moins de 1',
  nothingToUndo: 'Aucune décision de votre part à annuler.',
  quoted: (text) => `« ${text} »`,
  theNote: 'la note',
  theSetting: 'site, heure ou lieu',
  undone: (what, clips) => `Annulé : ${what} pour ${counts.clips(clips)}.`,
  decidedSince: (clips) => `${counts.clips(clips)} avec une décision plus récente : rien n’y change.`,
  restored: (clips) => `${counted(clips, 'clip rétabli', 'clips rétablis')}.`,
  removed: (clips) => `${counted(clips, 'clip retiré', 'clips retirés')}.`,
  removedAndDeleted: (clips, files) =>
    `${counted(clips, 'clip retiré', 'clips retirés')}, ${counted(files, 'fichier envoyé supprimé', 'fichiers envoyés supprimés')}.`,
  againSoon: (clips) => `${counted(clips, 'clip sera analysé', 'clips seront analysés')} à nouveau.`,
};

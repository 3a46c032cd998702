import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

export const setup: Texts['setup'] = {
  claim: 'Trier, vérifier et exporter les clips de pièges photographiques. Rien ne quitte cet ordinateur.',
  which: '1. Quels clips ?',
  uploadLater: 'Vous pourrez envoyer des clips une fois le projet ouvert.',
  keptIn: (folder) => `Les clips restent où ils sont. Prédictions et vérifications sont gardées dans ${folder}.`,
  keptWithClips: (folder, clips) =>
    `Les clips restent où ils sont. Prédictions et vérifications sont gardées dans ${folder}, qui a déjà ${counts.clips(clips)}.`,
  what: '2. Qu’est-ce qui les analyse d’abord ?',
  nothing: 'Rien de ce qui peut analyser des clips n’est encore installé.',
  download: 'Télécharger un modèle',
  broken: (folders) => `${counted(folders, 'dossier de modèle inutilisable', 'dossiers de modèles inutilisables')}`,
  howLong: '3. Combien de temps cela prendra-t-il ?',
  estimate: 'Estimer',
  estimating: 'Essai sur 20 clips au plus…',
  noClips: 'Il n’y a pas de clips dans ce dossier.',
  noneTried: (clips) => `${counts.clips(clips)}. Aucun n’a pu être essayé.`,
  estimated: (time, clips, tried) =>
    `${time} pour ${counts.clips(clips)}, d’après ${counted(tried, 'clip essayé', 'clips essayés')} sur cet ordinateur.`,
  hours: 'Heures disponibles (facultatif)',
  fits: (frames, hours) => `Avec ${counted(frames, 'image', 'images')} de chaque clip, cela tient en ${hours} h.`,
  fitsNot: (frames, hours) =>
    `Avec ${counted(frames, 'image', 'images')} de chaque clip, cela ne tient pas en ${hours} h.`,
  diskFor: (size) =>
    `Leurs résultats occupent ${size} ; les copies pour le lecteur s’y ajoutent quand un clip est ouvert.`,
  start: 'Démarrer',
  opening: 'Ouverture…',
  notThere: 'Le projet a été ouvert, mais ne répond pas. Rechargez cette page.',

  dial: {
    frames: (frames) => `Analyser au plus ${counted(frames, 'image', 'images')} de chaque clip`,
    most: 'plus d’images',
    quickest: 'plus rapide',
    apart: (time) =>
      `Dans un clip d’une minute, cela fait une image toutes les ${time} : ce qui se montre moins longtemps peut échapper.`,
    title: 'Essais sur cet ordinateur',
    atMost: 'Images au plus',
    time: 'Tous les clips',
    perClip: 'Par clip',
    disk: 'Disque',
    showing: 'Non vides',
    quality:
      'Ce que moins d’images laissent échapper n’a pas été mesuré sur des clips étiquetés. Déplacez le curseur, et comparez combien des clips essayés ne sont pas vides.',
  },

  source: {
    own: 'Votre propre modèle',
    classes: (classes, some) => `${counted(classes, 'classe', 'classes')} : ${some}`,
    andMore: (some) => `${some} …`,
    measuring: 'mesure de sa vitesse ici…',
    speed: (time) => `${time} par image ici`,
    unusable: (reason) => `inutilisable ici : ${reason}`,
    thenName: 'Puis nommer les animaux avec',
    nothingElse: 'rien : animal, personne, véhicule, vide',
    detector: 'trouve animaux, personnes et véhicules',
    classifier: 'nomme ce que montre une image',
    licence: (licence) => `licence ${licence}`,
    commercialUnknown: 'usage commercial : inconnu',
    commercial: 'usage commercial autorisé',
    notCommercial: 'pas d’usage commercial',
  },

  offers: {
    download: 'Télécharger',
    downloading: 'Téléchargement…',
    downloadModel: (model) => `Télécharger ${model}`,
    coming: (model) => `Téléchargement, contrôle et essai de ${model} sur cet ordinateur.`,
  },

  ways: {
    get: 'Procurez-vous l’un de ceux-ci, puis rechargez cette page :',
    orGet: 'Ou procurez-vous l’un de ceux-ci, puis rechargez cette page :',
    detector: (command) => <>un petit détecteur d’animaux, de personnes et de véhicules, par internet : {command}</>,
    own: (command, folder) => (
      <>
        un détecteur ou un classifieur que vous avez téléchargé : {command} le met dans {folder}
      </>
    ),
    demo: (command) => (
      <>un petit modèle pour essayer, entraîné en quelques minutes sur des clips dessinés : {command}</>
    ),
    train: (command) => <>un modèle de vos propres espèces, à partir de clips étiquetés : {command}</>,
  },
};

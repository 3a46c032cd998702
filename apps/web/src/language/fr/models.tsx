import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';
import { number } from './formats.ts';

export const models: Texts['models'] = {
  title: 'Modèles',
  ofProject: 'Modèles de ce projet',
  opening: (model) => `Ouverture du projet avec ${model}…`,
  hint: 'Un autre modèle analyse les clips à nouveau. Les vérifications restent, de même que les prédictions du modèle précédent : revenir en arrière ne coûte rien.',

  button: {
    train: 'Entraîner mon modèle',
    training: (share) => `Entraînement, ${share}`,
    trainingFailed: 'L’entraînement a échoué',
    retrain: 'Réentraîner',
    retrainWith: (clips) => `Réentraîner avec ${counts.reviewedClips(clips)}`,
    retraining: (share) => `Réentraînement, ${share}`,
    ready: 'Le nouveau modèle est prêt',
    retrainingFailed: 'Le réentraînement a échoué',
    fresh: (clips) => `${clips} de plus`,
    sinceLast: (clips) => `${counts.reviewedClips(clips)} depuis le dernier réentraînement`,
  },

  list: {
    model: 'Modèle',
    trained: 'Entraîné',
    on: 'Sur',
    right: 'Justes, sur des clips mis de côté',
    use: 'Utilisation',
    notHere: 'pas ici',
    report: 'Rapport',
    reportOf: (model) => `de ${model}`,
    inUse: 'utilisé',
    useIt: 'Utiliser',
    useModel: (model) => `Utiliser : ${model}`,
    before: (share, clips) => `(le modèle utilisé alors : ${share} sur ${clips})`,
    notMeasured: 'pas mesuré ici',
    score: (share, clips) => `${share} sur ${clips}`,
    bySite: (score) => `${score}, sites mis de côté`,
    oneSite: (score) => `${score}, tous d’un seul site`,
  },

  training: {
    title: 'Entraîner mon modèle',
    none: 'Aucun clip vérifié pour l’instant.',
    clips: (clips, species, sites) => `${counts.reviewedClips(clips)} : ${species}. ${counts.sites(sites)}.`,
    lacks: {
      none: 'Pas encore possible : vérifiez des clips d’au moins deux espèces, les vides comptant pour une.',
      species: (only) => `Pas encore possible : tous les clips vérifiés sont « ${only} », il n’y a rien à distinguer.`,
      clips: (least, clips) =>
        `Pas encore possible : un entraînement demande ${counts.reviewedClips(least)}, il y en a ${number(clips)}.`,
    },
    advice: {
      rare: (wanted, species) =>
        `Moins de ${counts.clips(wanted)} : ${species}. Ce que le score dit de ces espèces est approximatif ; vérifiez-en davantage.`,
      oneSite:
        'Tous les clips vérifiés viennent d’un seul site : le score ne dira rien des autres sites. Vérifiez des clips d’un second site.',
      sites: (sites, wanted) =>
        `Les clips vérifiés viennent de ${counts.sites(sites)} : avec ${number(wanted)} ou plus, le score en dit davantage sur de nouveaux sites.`,
    },
    failed: (reason) => `Le dernier entraînement a échoué : ${reason}`,
    progress: 'Entraînement',
    stop: 'Arrêter',
    step: (step, all, part) => `Étape ${step} sur ${all} : ${part}`,
    part: (does, family) => (family === '' ? does : `${does} (${family})`),
    parts: {
      prepare: 'préparation, une seule fois',
      ingest: 'lecture des clips',
      features: 'calcul des caractéristiques',
      'train-fold': 'entraînement',
      validate: 'contrôle sur des clips mis de côté',
      predict: 'prédiction',
      means: 'comparaison des clips voisins',
      table: 'réunion de toutes les colonnes',
      stack: 'combinaison des modèles',
      'site-check': 'comparaison des sites',
      fit: 'pondération de tous les modèles',
      bundle: 'écriture du modèle',
      report: 'écriture du rapport',
    },
    goOn: 'Vous pouvez continuer à vérifier des clips, ou fermer Primatrix : l’entraînement reprend au prochain démarrage.',
    effort: 'Ampleur de l’entraînement',
    efforts: {
      quick: 'Rapide : un seul réseau',
      thorough: 'Complet : tous les réseaux d’un ordinateur portable, plusieurs fois plus long',
    },
  },

  suggestions: {
    title: 'Suggestions',
    needEncoder: (command) => (
      <>Avec un encodeur d’images installé, un clip vérifié par espèce suffit pour des suggestions : voir {command}.</>
    ),
    needClips:
      'Vérifiez un clip de chacune de deux espèces, les vides comptant pour une : les autres reçoivent alors des suggestions.',
    basis: (clips, model, worth) => `Suggestions d’après ${clips}, par ${model}. ${worth}`,
    from: (clips, worth) => `D’après ${clips}. ${worth}`,
    progress: 'Analyse des clips pour les suggestions',
    done: (done, clips) => `Analysés : ${done} sur ${clips}`,
    trouble: (reason) => `Pas de suggestions : ${reason}`,
    labels: (clips, species) => `${counts.reviewedClips(clips)} de ${counts.species(species)}`,
    unknownWorth: 'On ne peut rien dire de leur valeur avant qu’une espèce ait deux clips.',
    worthBySite: (share, clips) => `${share} justes sur ${clips}, chaque site mis de côté à son tour.`,
    worthByClip: (share, clips) => `${share} justes sur ${clips}, chaque clip mis de côté à son tour.`,
  },
};

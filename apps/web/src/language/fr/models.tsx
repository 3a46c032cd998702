import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';

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
    impossible: (reason) => `Pas encore possible : ${reason}.`,
    failed: (reason) => `Le dernier entraînement a échoué : ${reason}`,
    progress: 'Entraînement',
    stop: 'Arrêter',
    step: (step, all, note) => `Étape ${step} sur ${all} : ${note}`,
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

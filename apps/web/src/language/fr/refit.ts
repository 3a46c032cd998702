import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

export const refit: Texts['refit'] = {
  title: 'Réentraîner avec vos vérifications',
  hint: 'Le modèle apprend de vos vérifications. Cela prend environ une minute ; rien ne change avant que vous choisissiez « Utiliser le nouveau modèle ».',
  impossible: (reason) => `Le réentraînement n’est pas possible ici : ${reason}`,
  inUse: (at, clips) => `Utilisé : le modèle réentraîné le ${at} avec ${counts.reviewedClips(clips)}.`,
  failed: (reason) => `Le dernier réentraînement a échoué : ${reason}`,
  progress: 'Réentraînement',
  stop: 'Arrêter',
  use: 'Utiliser le nouveau modèle',
  drop: 'Garder l’ancien modèle',
  unsure: (clips) => counted(clips, 'incertain', 'incertains'),
  unknown: (clips) =>
    `${clips} d’une espèce que le modèle ne connaît pas : seul un nouvel entraînement peut l’apprendre`,
  unread: (clips) => `${clips} pas encore ${clips < 2 ? 'analysé' : 'analysés'}`,
  none: 'Aucun clip vérifié dont apprendre : acceptez, corrigez ou marquez d’abord des clips vides.',
  toLearn: (clips) => `${counts.reviewedClips(clips)} dont apprendre.`,
  toLearnSince: (clips, since) =>
    `${counts.reviewedClips(clips)} dont apprendre, dont ${since} depuis le dernier réentraînement.`,
  leftOut: (left) => `Laissés de côté : ${left}.`,

  scores: {
    reviewed: 'Clips vérifiés',
    training: 'Clips d’entraînement',
    done: (time, what) => `Réentraîné en ${time} : ${what}.`,
    added: (clips) => counted(clips, 'clip vérifié ajouté', 'clips vérifiés ajoutés'),
    relabelled: (clips) => counted(clips, 'clip d’entraînement réétiqueté', 'clips d’entraînement réétiquetés'),
    confirmed: (labels) =>
      counted(labels, 'étiquette d’entraînement confirmée', 'étiquettes d’entraînement confirmées'),
    hint: 'Hors échantillon : par des modèles qui n’ont appris d’aucun clip du site. ± est une erreur type ; une log-loss plus basse est meilleure.',
    title: 'Scores',
    clips: 'Clips',
    logLoss: 'Log-loss',
    right: 'Clips justes',
    before: 'avant',
    after: 'après',
    of: (clips) => `${clips} :`,
    oneSite:
      'tous d’un seul site, si bien qu’un progrès ne s’y distingue pas du hasard : ce qui en a été appris ne se voit que sur d’autres sites.',
    fewSites: (sites) => `Sur ${counts.sites(sites)}, même ± n’est qu’une estimation grossière.`,
    noiseLower: (size, error) =>
      `log-loss plus basse de ${size} ± ${error}, dans la marge du hasard : ni mieux ni moins bien, pour autant que ces clips le disent.`,
    noiseHigher: (size, error) =>
      `log-loss plus haute de ${size} ± ${error}, dans la marge du hasard : ni mieux ni moins bien, pour autant que ces clips le disent.`,
    better: (size, error) => `mieux : log-loss plus basse de ${size} ± ${error}, plus que ne fait le hasard.`,
    worse: (size, error) =>
      `moins bien : log-loss plus haute de ${size} ± ${error}, plus que ne fait le hasard : contrôlez les vérifications avant de l’utiliser.`,
  },
};

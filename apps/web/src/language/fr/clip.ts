import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';

export const clip: Texts['clip'] = {
  previous: 'Précédent',
  next: 'Suivant',
  shortcuts: 'Raccourcis clavier',
  thisClip: 'Ce clip',
  wasLast: 'C’était le dernier clip de cette liste.',

  player: {
    broken: 'Ce clip ne peut pas être lu.',
    picture: (name) => `Image ${name}`,
    sound: (name) => `Son ${name}`,
    video: (name) => `Clip ${name}`,
  },

  detections: {
    title: 'Détections',
    boxes: 'Cadres',
    nothing: (model) => `${model} n’a rien détecté.`,
    next: 'Détection suivante',
  },

  sounds: {
    title: 'Sons',
    heard: (model) => `Entendu par ${model} :`,
    nothing: (model) => `${model} n’a reconnu aucun son.`,
  },

  facts: {
    noSite: 'site inconnu',
    site: (site) => `site ${site}`,
    noTime: 'heure inconnue',
    fps: (fps) => `${fps} images par seconde`,
    differ: (points) => `écart entre modèles : jusqu’à ${points}`,
    unreadable: (reason) => `Illisible : ${reason}.`,
    incomplete: (reason) => `Incomplet : ${reason}.`,
    note: 'Note…',
    setting: 'Site et heure…',
    retry: 'Réessayer',
    retryWhen: 'Par exemple une fois le fichier remplacé',
    remove: 'Retirer…',
  },

  setting: {
    title: 'Site et heure',
    site: 'Site',
    time: 'Heure de prise de vue',
    timeHint: 'Telle que l’horloge de l’appareil l’affichait. Vide : celle que le fichier indique.',
  },

  review: {
    title: 'Vérification',
    question: 'Que montre ce clip ?',
    decided: (decision, species) => `${decision} : ${species}`,
    by: (person) => `par ${person}`,
    decision: 'Décision',
    save: (species) => `Enregistrer ${species}`,
    accept: (species) => `Accepter ${species}`,
    blank: 'Vide',
    unsure: 'Incertain',
    clear: 'Effacer',
    clearHint: 'Le clip redevient non décidé',
    species: 'Espèce',
    another: 'Une autre espèce',
    add: 'Ajouter',
    details: 'Nombre, sexe, comportement…',
    suggested: (species) => `Suggestion : ${species}`,
  },

  predictions: {
    title: 'Prédictions des modèles',
    species: 'Espèce',
    model: 'modèle',
    meanOfModels: 'moyenne des modèles',
    ensemble: 'ensemble',
    net: 'réseau',
    stacker: 'second niveau',
    fewer: 'En montrer moins',
    all: (species) => `Montrer toutes les espèces (${counts.species(species)})`,
  },

  neighbours: {
    title: 'Avant et après sur ce site',
    noTime: 'Ce clip n’a pas d’heure de prise de vue : ajoutez un fichier clips.csv, ou indiquez une heure.',
    alone: 'Aucun autre clip de ce site n’a d’heure de prise de vue.',
    thisClip: 'ce clip',
  },

  signals: {
    motion: 'Mouvement',
    motionPeak: (bits, at, length) =>
      `Mouvement au cours du temps : maximum (${bits} bits sur 64 changés) à ${at} sur ${length}`,
    loudness: 'Volume',
    loudnessPeak: (share, at, length) =>
      `Volume au cours du temps : maximum (${share} de la pleine échelle) à ${at} sur ${length}`,
    measuring: 'Mesure du mouvement et du son…',
    unmeasured: (reason) => `Le mouvement et le son ne peuvent pas être mesurés : ${reason}`,
    spectrogram: 'Spectrogramme',
    undrawn: (reason) => `Le son ne peut pas être dessiné : ${reason}`,
    drawing: 'Dessin du son…',
    silent: 'Ce clip n’a pas de son.',
    heard: (heard) =>
      `Spectrogramme de ${heard.length} de son, de ${heard.lowest} à ${heard.highest} : le plus fort à ${heard.at} vers ${heard.loudest} (${heard.decibels} dB de la pleine échelle) ; sur l’ensemble, surtout vers ${heard.most}`,
  },
};

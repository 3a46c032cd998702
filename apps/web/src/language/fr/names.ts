import type { Texts } from '../en/index.ts';

export const names: Texts['names'] = {
  decisions: {
    accepted: 'accepté',
    corrected: 'corrigé',
    blank: 'vide',
    unsure: 'incertain',
    open: 'non décidé',
  },
  classes: { blank: 'vide', animal: 'animal', person: 'personne', human: 'humain', vehicle: 'véhicule' },
  lifeStages: { adult: 'adulte', subadult: 'subadulte', juvenile: 'juvénile' },
  sexes: { female: 'femelle', male: 'mâle' },
  behaviours: {
    feeding: 'alimentation',
    travelling: 'déplacement',
    resting: 'repos',
    grooming: 'toilettage',
    playing: 'jeu',
    fighting: 'combat',
    mating: 'accouplement',
    'reacts to the camera': 'réagit à l’appareil',
  },
  findings: {
    'copied-twice': 'Copié deux fois',
    'clock-reset': 'Horloge réinitialisée',
    'clock-ahead': 'Horloge en avance',
    'stuck-trigger': 'Déclencheur bloqué',
    moved: 'Caméra déplacée',
    covered: 'Objectif couvert',
  },
  noSite: 'sans site',
};

import type { Texts } from '../en/index.ts';

export const observations: Texts['observations'] = {
  count: 'Nombre',
  countOf: (species) => `Nombre : ${species}`,
  lifeStage: 'Stade de vie',
  sex: 'Sexe',
  behaviour: 'Comportement',
  note: 'Note',
  inNow: 'Entrée maintenant',
  inAt: (time) => `Entrée ${time}`,
  outNow: 'Sortie maintenant',
  outAt: (time) => `Sortie ${time}`,
  more: '+ autre',
  remove: (species) => `Retirer : ${species}`,
  end: 'fin',
};

import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';
import { counted, number } from './formats.ts';

export const season: Texts['season'] = {
  title: 'Saison',
  headings: {
    species: 'Espèces par site',
    activity: 'Activité par heure',
    effort: 'Effort et interruptions',
    blank: 'Clips vides par site',
    map: 'Carte',
    findings: 'Appareils et cartes mémoire à contrôler',
  },

  summary: {
    clipsOfSites: (clips, sites) => (
      <>
        {clips} de {counts.sites(sites)}
      </>
    ),
    between: (first, last) => `, du ${first} au ${last}`,
    blank: (share) => `${share} vides`,
    blankAndSpecies: (blank, species) => (
      <>
        {blank} ; {counts.species(species)}.
      </>
    ),
    reviewed: (clips) => counted(clips, 'vérifié', 'vérifiés'),
    reviewedAndOthers: (reviewed) => <>{reviewed} ; les autres sont comptés selon leur espèce la plus probable.</>,
    failed: (clips) => counted(clips, 'illisible', 'illisibles'),
    timeless: (clips) => `${number(clips)} sans heure`,
  },

  noAnimal: 'Aucun clip avec un animal pour l’instant.',
  bySpecies: 'Clips par espèce et par site',

  activity: {
    title: (species) => `Clips par heure : ${species}`,
    all: 'tous les animaux',
    allOption: 'Tous les animaux',
    species: 'Espèce',
    hours: 'Heure du jour, selon l’horloge de l’appareil',
    clips: 'Clips',
    at: (clips) => ` h : ${counts.clips(clips)}`,
    option: (species, clips) => `${species} (${clips})`,
  },

  blank: {
    none: 'Aucun clip n’a encore été prédit ou vérifié.',
    title: 'Part de clips vides par site',
  },

  effort: {
    none: 'Aucun clip n’a encore d’heure de prise de vue : voir Sites.',
    title: 'Jours avec des clips, par site',
    table: 'Effort par site',
    site: 'Site',
    clips: 'Clips',
    days: 'Jours',
    activeDays: 'Jours avec des clips',
    gap: 'Plus longue interruption',
    noGap: 'aucune',
    gapFrom: (days, from) => `${counted(days, 'jour', 'jours')} à partir du ${from}`,
  },

  map: {
    none: (sites) => (
      <>Aucun site n’a encore de coordonnées : ajoutez-les sous {sites}, ou dans un fichier clips.csv.</>
    ),
    title: 'Sites selon leurs coordonnées ; plus le cercle est grand, plus il y a de clips',
  },

  findings: {
    none: 'Rien trouvé.',
    at: (kind, site, says) => (
      <>
        {kind} ({site}) : {says}.
      </>
    ),
    copied: (files, sites) =>
      `${counted(files, 'fichier est identique', 'fichiers sont identiques')}, octet par octet, à des fichiers de ${sites}`,
    unset: (clips) =>
      `${counted(clips, 'clip porte', 'clips portent')} l’heure d’une horloge qui n’a pas encore été réglée`,
    back: (times) => `l’horloge recule ${counted(times, 'fois', 'fois')} alors que les numéros de fichiers continuent`,
    ahead: (clips) => `${counted(clips, 'clip est daté', 'clips sont datés')} d’après aujourd’hui`,
    stuck: (times, least) => `${counted(times, 'fois', 'fois')}, au moins ${number(least)} clips vides se suivent`,
    moved: (times) =>
      `la vue change ${counted(times, 'fois', 'fois')} et reste changée$ ; ce sont les premiers clips de chaque nouvelle vue`,
    covered: 'de jour, rien ne se distingue',
  },

  fileOf: (chart) => `de ${chart}`,
};

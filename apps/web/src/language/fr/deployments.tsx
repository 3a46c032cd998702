import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

export const deployments: Texts['deployments'] = {
  title: 'Sites et déploiements',
  hint: (undo) => (
    <>
      Chaque site est un déploiement. Ce que vous changez ici s’annule avec {undo}, et se retrouve dans tous les
      exports.
    </>
  ),
  site: 'Site',
  clips: 'Clips',
  first: 'Premier',
  last: 'Dernier',
  coordinates: 'Coordonnées',
  zone: 'Fuseau horaire',
  toCheck: 'À contrôler',
  noSite: 'Sans site',
  edit: 'Modifier…',
  editSite: (site) => `Modifier ${site}`,
  editWithout: 'Modifier les clips sans site',
  clipsOf: (clips, site) => `${clips} de ${site}`,
  andOthers: (place) => `${place} et d’autres`,
  timeless: (clips) => `${clips} sans heure`,
  byFileDate: (clips) => `${clips} d’après la date du fichier`,
  byStamp: (clips) => `${clips} d’après l’horodatage`,

  dialog: {
    without: 'Clips sans site',
    site: (site) => `Site ${site}`,
    whatToChange: 'Que changer',
    parts: {
      name: 'Nom',
      place: 'Coordonnées',
      clock: 'Horloge',
      zone: 'Fuseau horaire',
      times: 'Heures manquantes',
    },
    nothing: 'Rien à changer.',
    done: (what, clips) => `${what} pour ${counts.clips(clips)}.`,
    notChanged: (clips) => `${counted(clips, 'clip inchangé', 'clips inchangés')}.`,
  },

  name: {
    label: 'Nom du site',
    merges: 'Le nom d’un autre site réunit les deux.',
    there: (site, clips) => `${site} existe déjà, avec ${counts.clips(clips)} : les deux deviennent un seul site.`,
    rename: 'Renommer',
    merge: 'Réunir',
    renamed: (site) => `Le site est ${site}`,
    merged: (site) => `Réuni avec ${site}`,
  },

  place: {
    latitude: 'Latitude, degrés décimaux',
    longitude: 'Longitude, degrés décimaux',
    hint: 'WGS84, comme l’affichent les GPS. Sud et ouest sont négatifs. Laissez les deux vides si vous ne savez pas.',
    saved: 'Coordonnées enregistrées',
    removed: 'Coordonnées retirées',
  },

  clock: {
    none: 'Aucun clip de ce site n’a d’heure à décaler.',
    hint: 'Donnez un moment dont vous connaissez l’heure exacte : toutes les heures de ce site sont décalées d’autant.',
    showed: 'L’appareil affichait',
    really: 'Il était en réalité',
    earlier: (time) => `${time} plus tôt`,
    later: (time) => `${time} plus tard`,
    done: (shift) => `Heures décalées de ${shift}`,
    preview: 'Ce qui change',
    clip: 'Clip',
    now: 'Avant',
    then: 'Après',
    will: (clips, shift) => `${counted(clips, 'clip sera décalé', 'clips seront décalés')} de ${shift}.`,
    passed: (clips) => `${counted(clips, 'clip sans heure ne changera', 'clips sans heure ne changeront')} pas.`,
    shift: 'Décaler les heures',
  },

  zones: {
    label: 'Fuseau horaire de l’horloge de l’appareil',
    unknown: 'inconnu',
    example: 'Par exemple +02:00 ou Africa/Kinshasa.',
    localClock: 'L’appareil écrit l’heure locale là où ses fichiers annoncent UTC (la plupart des MP4)',
    saved: 'Fuseau horaire enregistré',
  },

  times: {
    fromStamp: 'D’après l’horodatage dans l’image',
    stampHint: 'Lit ce que l’appareil a inscrit en haut ou en bas de ses images. Rien ne change sans votre accord.',
    read: 'Lire les horodatages',
    reading: (done, clips) => `Lecture de ${done} sur ${clips}…`,
    found: (stamps, clips, differ) =>
      `${counted(stamps, 'horodatage lu', 'horodatages lus')} sur ${clips}, dont ${differ} en désaccord avec l’heure connue.`,
    table: 'Heures lues dans les horodatages',
    clip: 'Clip',
    known: 'Connue',
    stamp: 'Horodatage',
    useForTimeless: (clips) => `Utiliser pour les clips sans heure (${counts.clips(clips)})`,
    useForAll: (clips) => `Utiliser pour tous ceux en désaccord (${clips})`,
    stampsSaved: 'Heures des horodatages enregistrées',
    fromFile: 'D’après la date du fichier',
    fileHint:
      'En dernier recours : copies et téléchargements la changent. Ces heures sont marquées ici et dans les exports.',
    useFileDate: (clips) => `L’utiliser pour les clips sans heure (${counts.clips(clips)})`,
    fileDatesSaved: 'Heures prises des dates des fichiers',
  },
};

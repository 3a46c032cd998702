import type { Texts } from '../en/index.ts';
import { counts } from './counts.ts';
import { counted } from './formats.ts';

export const project: Texts['project'] = {
  queue: 'À vérifier',

  add: {
    title: 'Ajouter des clips',
    folder: 'Dossier sur cet ordinateur, par exemple d’une carte mémoire',
    addFolder: 'Ajouter le dossier',
    hint: 'Les clips restent où ils sont. Chaque dossier compte pour le site d’un piège photographique, sauf s’il contient un fichier clips.csv (filename, site, captured_at, latitude, longitude).',
    searching: 'Recherche dans le dossier…',
    added: (clips) => counted(clips, 'clip ajouté', 'clips ajoutés'),
    known: (clips) => counted(clips, 'déjà connu', 'déjà connus'),
    skipped: (files) => counted(files, 'autre fichier laissé de côté', 'autres fichiers laissés de côté'),
    refused: (file, reason) => `${file} : ${reason}`,
    notRead: (folder) => `non lu : ${folder}`,
    tooLarge: (mebibytes) => `dépasse ${mebibytes} Mio`,
    orDrop: 'Ou déposez ici des clips ou des dossiers, ou',
    drop: 'Déposez ici des clips ou des dossiers, ou',
    select: 'Choisir des clips',
    toUpload: 'Clips à envoyer',
    progress: 'Clips envoyés',
    uploaded: (done, clips) => `Envoyés : ${done} sur ${clips}`,
  },

  picker: {
    title: 'Choisir un dossier',
    browse: 'Parcourir…',
    places: 'Emplacements',
    here: (folder, clips) => `${folder} : ${counts.clips(clips)} ici`,
    folders: 'Dossiers',
    up: '↑ Remonter',
    use: 'Utiliser ce dossier',
    below: 'Les clips des sous-dossiers sont trouvés aussi.',
  },

  progress: {
    stages: {
      idle: '',
      starting: 'Ouverture du modèle…',
      nets: 'Analyse',
      ensemble: 'Mise en commun des prédictions de tous les clips…',
      stopped: 'La prédiction s’est arrêtée',
    },
    noAnswer: 'Le serveur ne répond pas ; nouvel essai…',
    hideFamilies: 'Cacher les familles',
    byFamily: 'Par famille',
    stopped: (reason) => `La prédiction s’est arrêtée : ${reason}`,
    allPredicted: 'tout est prédit',
    failed: (clips) => `${clips} en échec`,
    progress: 'Clips prédits',
    doing: (stage, done, clips) => `${stage} : ${done} sur ${clips}`,
    perMinute: (clips) => `${clips} par minute`,
    waiting: (what) => `En attente de ${what}`,
  },

  families: {
    title: 'Avancement par famille',
    family: 'Famille',
    does: 'Rôle',
    done: 'Clips traités',
    time: 'Temps par clip',
    parts: {
      ingest: 'lit le clip',
      features: 'caractéristiques',
      nets: 'réseau',
      'second-level': 'second niveau',
    },
    hint: 'Temps par clip : la médiane des derniers clips. Le second niveau traite tous les clips d’un site, une fois qu’aucun clip n’attend.',
  },

  exports: {
    title: 'Exporter',
    files: {
      'train_labels.csv': 'Étiquettes des clips vérifiés, pour le prochain entraînement',
      'observations.csv': 'Ce que montre chaque clip : espèces, nombres, comportement, qui a décidé',
      'clips.csv': 'Site, heure et lieu de chaque clip',
      'deployments.csv': 'Sites : clips, première et dernière heure, lieu, fuseau horaire',
      'predictions.csv': 'Probabilités de toutes les espèces',
      'predictions.json':
        'Prédictions avec leurs cadres, pour primatrix export : partager des clips où les personnes sont floutées',
      'review.csv': 'Prédictions et décisions côte à côte',
      'megadetector.json': 'Prédictions et décisions pour Timelapse (résultats MegaDetector)',
      'coco-camera-traps.json': 'Prédictions et décisions au format COCO Camera Traps',
    },
    filtered: 'filtrés',
    filteredOf: (file) => `${file} des clips filtrés`,
    camtrap: 'Jeu de données Camtrap DP, où les décisions des personnes sont des observations humaines',
  },

  camtrap: {
    title: 'Jeu de données Camtrap DP',
    zone: 'Fuseau horaire des horloges des appareils',
    unknown: 'inconnu',
    zoneForm: 'un décalage comme +02:00, ou un nom comme Africa/Kinshasa',
    zoneHint:
      'Par exemple +02:00 ou Africa/Kinshasa. Sans lui, les heures sont écrites comme si elles étaient UTC, et le jeu de données le signale.',
    localClock: 'Les appareils écrivent l’heure locale là où leurs fichiers annoncent UTC (la plupart des MP4)',
    projectTitle: 'Titre du projet',
    contributor: 'Personne à nommer pour les données',
    notStated: 'non précisé',
    filtered: 'Clips filtrés seulement',
    hint: 'Les sites, heures et coordonnées sont ceux que connaît le projet. Ce que des personnes ont décidé figure comme observations humaines, le reste comme celles de l’ensemble de modèles.',
    download: 'Télécharger',
  },
};

import type { Texts } from '../en/index.ts';

/** Les personnes du projet, leurs rôles et leur accord. */
export const people: Texts['people'] = {
  title: 'Personnes',
  you: 'Vous avez lancé ces pages : vous pouvez tout y faire. Vos décisions portent le nom que vous saisissez à côté.',
  youAre: (name, role) => `Vous êtes ${name} : ${role}.`,
  roles: {
    look: 'peut consulter',
    review: 'peut consulter et décider',
    manage: 'peut tout faire',
  },
  invited: 'Invitation',
  decided: 'Clips décidés',
  remove: 'Retirer',
  removeOf: (name) => `Retirer ${name}`,

  invite: {
    name: 'Nom',
    role: 'Rôle',
    send: 'Inviter',
    address: (name) =>
      `Envoyez cette adresse à ${name} par un moyen que personne d’autre ne peut lire : qui la possède travaille sous ce nom. Elle ne sera plus affichée.`,
    addressOf: (name) => `Adresse pour ${name}`,
    copy: 'Copier',
  },

  second: {
    title: 'Seconds avis',
    hint: 'Pour certains clips, une seconde personne est consultée sans voir ce que la première a décidé.',
    share: 'Clips pour deux personnes',
    none: 'Aucun',
    due: 'Clips qui attendent mon avis',
    differ: 'Clips où les avis diffèrent',
  },

  agreement: {
    title: 'Accord entre personnes',
    people: 'Qui',
    clips: 'Clips décidés par les deux',
    same: 'Décidés de la même façon',
    kappa: 'Kappa de Cohen',
    pair: (first, second) => `${first} et ${second}`,
    nobody: '(sans nom)',
    hint: 'Kappa : 1, toujours d’accord ; 0, comme au hasard.',
  },

  filter: { due: 'Attend mon avis', differ: 'Les avis diffèrent' },
};

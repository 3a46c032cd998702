/** People of the project, their roles and how far they agree. */
export const people = {
  title: 'People',
  you: 'You started these pages: you may do everything here. Decisions carry the name that you type beside them.',
  youAre: (name: string, role: string) => `You are ${name}: ${role}.`,
  roles: {
    look: 'may look',
    review: 'may look and decide',
    manage: 'may do everything',
  },
  invited: 'Invited',
  decided: 'Clips decided',
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,

  invite: {
    name: 'Name',
    role: 'Role',
    send: 'Invite',
    address: (name: string) =>
      `Send this address to ${name}, in a way that nobody else can read: whoever has it works in that name. It is not shown again.`,
    addressOf: (name: string) => `Address for ${name}`,
    copy: 'Copy',
  },

  second: {
    title: 'Second opinions',
    hint: 'Of some clips a second person is asked, who does not see what the first one decided.',
    share: 'Clips for two people',
    none: 'None',
    due: 'Clips that wait for my opinion',
    differ: 'Clips where people differ',
  },

  agreement: {
    title: 'Agreement',
    people: 'People',
    clips: 'Clips that both decided',
    same: 'Decided alike',
    kappa: 'Cohen’s kappa',
    pair: (first: string, second: string) => `${first} and ${second}`,
    nobody: '(no name)',
    hint: 'Kappa: 1 all the same, 0 as by chance.',
  },

  filter: { due: 'Waits for my opinion', differ: 'People differ' },
};

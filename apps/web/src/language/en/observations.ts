/** What is noted of animals besides their species. */
export const observations = {
  count: 'Count',
  countOf: (species: string) => `Count of ${species}`,
  lifeStage: 'Life stage',
  sex: 'Sex',
  behaviour: 'Behaviour',
  note: 'Note',
  inNow: 'In now',
  inAt: (time: string) => `In ${time}`,
  outNow: 'Out now',
  outAt: (time: string) => `Out ${time}`,
  more: '+ more',
  remove: (species: string) => `Remove this ${species}`,
  end: 'end',
};

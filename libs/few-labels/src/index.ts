export { fitLinearProbe, usualStrength } from './linear-probe.ts';
export type { LinearProbe, ProbeOptions } from './linear-probe.ts';
export { leaveGroupsOut } from './leave-groups-out.ts';
export type { LeftOut } from './leave-groups-out.ts';
export { chooseStrength } from './choose-strength.ts';
export { nearestNeighbours } from './nearest-neighbours.ts';
export { pooledEmbedding } from './pooled-embedding.ts';
export { rowsAt } from './rows.ts';
export type { LabelledRows, Rows } from './rows.ts';

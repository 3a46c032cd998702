export { family } from './family.ts';

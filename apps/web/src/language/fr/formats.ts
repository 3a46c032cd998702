import { formatsOf } from '../formats.ts';

export const { number, fixed, counted, moment, day } = formatsOf('fr');

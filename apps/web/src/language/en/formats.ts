import { formatsOf } from '../formats.ts';

/** Dates as ISO 8601 has them (Sweden's everyday form): day and month change places between countries that speak English. */
export const { number, fixed, counted, moment, day } = formatsOf('en', 'sv-SE');

export { StampReader } from './stamp-reader.ts';
export type { Stamp } from './stamp-reader.ts';
export { settleTimes } from './settle-times.ts';
export { dateOrders, readStampText } from './stamp-text.ts';
export type { DateOrder, StampText } from './stamp-text.ts';

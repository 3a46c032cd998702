export { BusError, busErrorCodes } from './bus-error.ts';
export type { BusErrorCode } from './bus-error.ts';
export type { Bus, BusOptions, ConsumeOptions, Consumption, Delivered, Handler } from './bus.ts';
export { InProcessBus } from './in-process-bus.ts';
export { JetStreamBus } from './jetstream-bus.ts';
export { openBus } from './open-bus.ts';
export { maxMessageBytes, messageIdOf } from './wire-message.ts';

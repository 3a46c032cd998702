export { feedTensor, floatOutput } from './feed.ts';
export type { Session, SessionTensor } from './feed.ts';
export { GraphBuilder, GraphError } from './graph-builder.ts';
export type { Attribute, Dimension, NodeOptions } from './graph-builder.ts';
export { readModelFacts } from './model-facts.ts';
export type { ModelFacts, ModelValue } from './model-facts.ts';
export { availableDevices, devices, openSession, runtimeVersion, SessionError } from './session.ts';
export type { Device, SessionOptions } from './session.ts';

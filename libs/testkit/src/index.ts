export { freePort } from './free-port.ts';
export { natsServerAvailable, startNatsServer } from './nats-server.ts';
export type { NatsServer } from './nats-server.ts';
export { readmeExample } from './readme-example.ts';
export { sharedData, workspaceRoot } from './shared-data.ts';
export { temporaryFolder } from './temporary-folder.ts';
export type { TemporaryFolder } from './temporary-folder.ts';

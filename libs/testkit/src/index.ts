export { camtrapFaults, readTextTable } from './camtrap-faults.ts';
export { freePort } from './free-port.ts';
export { natsServerAvailable, startNatsServer } from './nats-server.ts';
export type { NatsServer } from './nats-server.ts';
export { sharedData, workspaceRoot } from './shared-data.ts';
export { tableSchemaFaults } from './table-schema.ts';
export type { TableSchema, TextTable } from './table-schema.ts';
export { temporaryFolder } from './temporary-folder.ts';
export type { TemporaryFolder } from './temporary-folder.ts';

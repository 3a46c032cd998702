export { projectFolder, ReviewProject } from './review-project.ts';
export type { ReviewProjectOptions } from './review-project.ts';
export { forkWorker } from './prediction-run.ts';
export { startGateway } from './start-gateway.ts';
export type { Gateway, GatewayOptions } from './start-gateway.ts';
export { readSite } from './static-site.ts';
export type { WorkerSettings } from './worker-messages.ts';

export { RemoteStages } from './remote-stages.ts';
export type { JobEvents, RemoteStagesOptions } from './remote-stages.ts';
export { startTrainer } from './start-trainer.ts';
export type { TrainerOptions } from './start-trainer.ts';
export { trainerFamily, trainerRelease } from './trainer-part.ts';
export { waitForTrainers } from './wait-for-trainers.ts';

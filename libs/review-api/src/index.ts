export { clipDetailSchema, clipPageSchema, clipPlaceSchema, clipSignalsSchema, clipStates, clipSummarySchema, rankedSchema } from './clip.ts';
export type { ClipDetail, ClipPage, ClipPlace, ClipSignals, ClipState, ClipSummary, Ranked } from './clip.ts';
export { clipFilterSchema, clipOrders, clipQuerySchema } from './clip-query.ts';
export type { ClipFilter, ClipQuery } from './clip-query.ts';
export { addedSchema, folderInputSchema, problemSchema, progressSchema, projectSchema } from './project.ts';
export type { Added, Problem, Progress, Project } from './project.ts';
export { decisions, reviewInputSchema, reviewSchema } from './review.ts';
export type { Decision, Review, ReviewInput } from './review.ts';

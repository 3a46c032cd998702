import { decidedSchema, decisionInputSchema, undoInputSchema, undoneSchema } from '@primatrix/review-api';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

/** One decision about many clips, and the way back from any decision. */
export function decisionRoutes({ reviews, table }: ReviewProject): Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/decisions',
      summary: 'Say of many clips at once what they show, or write a note about them: all of it is kept, or nothing',
      role: 'review',
      body: decisionInputSchema,
      answer: { json: decidedSchema },
      refusals: [422, 507],
      handle: ({ body: { ids, ...input } }) =>
        reviews.decide(
          [...new Set(ids)].map((id) => table.get(id)).filter((row) => row !== undefined),
          input,
        ),
    }),
    route({
      method: 'POST',
      path: '/api/decisions/undo',
      summary: 'Undo a decision, or the last one that came from the same place; what others decided since stays',
      role: 'review',
      body: undoInputSchema,
      answer: { json: undoneSchema },
      refusals: [409, 422, 507],
      handle: ({ body }) => reviews.undo(body),
    }),
  ];
}

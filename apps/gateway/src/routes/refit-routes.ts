import { refitSchema } from '@primatrix/review-api';
import type { ProjectRefit } from '../refit/project-refit.ts';
import { route, type Route } from '../http/route.ts';

/** Fitting the second level again with the reviews: start it, watch it, and decide about what came of it. */
export function refitRoutes(refit: ProjectRefit): Route[] {
  const answer = { json: refitSchema };
  return [
    route({
      method: 'GET',
      path: '/api/refit',
      summary: 'How many corrections there are, and where re-fitting the second level stands',
      answer,
      handle: () => refit.describe(),
    }),
    route({
      method: 'POST',
      path: '/api/refit',
      summary: 'Fit the second level again with all reviewed clips, in a process of its own',
      answer,
      refusals: [409, 422],
      handle: () => refit.start(),
    }),
    route({
      method: 'POST',
      path: '/api/refit/stop',
      summary: 'Stop a running re-fit; nothing of it is left',
      answer,
      handle: () => refit.stop(),
    }),
    route({
      method: 'POST',
      path: '/api/refit/use',
      summary: 'Predict with the re-fit from now on; no clip is decoded',
      answer,
      refusals: [409, 422, 507],
      handle: () => refit.use(),
    }),
    route({
      method: 'POST',
      path: '/api/refit/drop',
      summary: 'Remove the re-fit; what predicted before stays',
      answer,
      refusals: [409, 507],
      handle: () => refit.drop(),
    }),
  ];
}

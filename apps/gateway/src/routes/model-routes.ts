import { readFile } from 'node:fs/promises';
import { ownModelsSchema, trainInputSchema, useModelSchema } from '@primatrix/review-api';
import type { ProjectModels } from '../models/project-models.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { route, type Route } from '../http/route.ts';

/** A report shows names that strangers gave: it runs its own scripts, in an origin of its own, and loads nothing. */
const reportPolicy =
  "sandbox allow-scripts allow-popups; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/** Models of the project: train one, see what it is worth, and choose which one predicts. */
export function modelRoutes(models: ProjectModels): Route[] {
  const answer = { json: ownModelsSchema };
  return [
    route({
      method: 'GET',
      path: '/api/models',
      summary: 'Models of the project, what one could be trained from, and how far a training is',
      answer,
      handle: () => models.describe(),
    }),
    route({
      method: 'POST',
      path: '/api/models/train',
      summary: 'Train a model from all reviewed clips, in a process of its own; it goes on after a restart',
      body: trainInputSchema,
      answer,
      refusals: [409, 422, 507],
      handle: ({ body }) => models.train(body.effort),
    }),
    route({
      method: 'POST',
      path: '/api/models/stop',
      summary: 'Stop a running training',
      answer,
      refusals: [507],
      handle: () => models.stop(),
    }),
    route({
      method: 'POST',
      path: '/api/models/use',
      summary:
        'Predict with a model of the project, or (0) with what it was opened with; the pages come back in a moment',
      body: useModelSchema,
      answer,
      refusals: [404, 409, 422, 507],
      handle: ({ body }) => models.use(body.number),
    }),
    route({
      method: 'GET',
      path: '/api/models/{number}/report',
      summary: 'The report of a training',
      answer: { media: 'text/html', says: 'A page that needs nothing else' },
      refusals: [404],
      handle: async ({ params, reply }) => {
        const number = Number(params['number']);
        if (!Number.isInteger(number)) throw new HttpProblem(404, 'MODEL_NONE', 'there is no report of this model');
        const page = await readFile(models.report(number));
        return reply
          .headers({
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': reportPolicy,
            'x-content-type-options': 'nosniff',
            'referrer-policy': 'no-referrer',
          })
          .send(page);
      },
    }),
  ];
}

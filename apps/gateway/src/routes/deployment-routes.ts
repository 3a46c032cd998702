import {
  deploymentChangedSchema,
  deploymentInputSchema,
  deploymentSchema,
  stampProposalsSchema,
} from '@primatrix/review-api';
import { z } from 'zod';
import { deploymentsOf } from '../clips/deployments.ts';
import { changeDeployment } from '../project/change-deployment.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

/** Sites and their clips: where, when, by which clock. */
export function deploymentRoutes(project: ReviewProject): Route[] {
  const { table, stamps } = project;
  return [
    route({
      method: 'GET',
      path: '/api/deployments',
      summary: 'Sites with their clips, first and last time, place and zone',
      answer: { json: z.array(deploymentSchema) },
      handle: () => deploymentsOf(table.rows()),
    }),
    route({
      method: 'POST',
      path: '/api/deployments',
      summary:
        'Rename or merge a site, say its place, zone or by how much its clock was wrong, or only look at what that would do; undone as decisions are',
      body: deploymentInputSchema,
      answer: { json: deploymentChangedSchema },
      refusals: [404, 422, 507],
      handle: ({ body }) => project.inTurn(() => changeDeployment(project, body)),
    }),
    route({
      method: 'GET',
      path: '/api/deployments/stamps',
      summary:
        'What the stamps say that were burned into pictures, as far as they have been read; nothing is changed by it',
      answer: { json: stampProposalsSchema },
      handle: () => stamps.proposals(),
    }),
    route({
      method: 'POST',
      path: '/api/deployments/stamps',
      summary: 'Read the stamps of the clips of a site; what was being read before is given up',
      body: z.strictObject({ site: z.string().nullable() }),
      answer: { json: stampProposalsSchema },
      refusals: [404, 422],
      handle: ({ body }) => stamps.begin(body.site),
    }),
  ];
}

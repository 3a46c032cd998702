import {
  changedSchema,
  clipChoiceSchema,
  clipFilterSchema,
  clipIdsSchema,
  clipSettingSchema,
  mostClips,
  removeInputSchema,
} from '@primatrix/review-api';
import { z } from 'zod';
import { expectedWrong } from '../clips/expected-wrong.ts';
import { ClipFinder } from '../clips/find-clips.ts';
import { patchOf } from '../project/clip-setting.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

/** Clips leave the project, come back, or are looked at again. */
export function changeRoutes(project: ReviewProject): Route[] {
  const { changes, table } = project;
  const finder = new ClipFinder(table, project.opinions);
  return [
    route({
      method: 'GET',
      path: '/api/clips/ids',
      summary: 'All clips that pass filters, or those between two places, by id alone',
      query: clipFilterSchema.extend({
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).default(mostClips),
      }),
      answer: { json: clipChoiceSchema },
      refusals: [422],
      handle: ({ query: { offset, limit, ...filter }, me }) => {
        const rows = finder
          .list(filter, me.name)
          .slice(offset, offset + limit)
          .flatMap(({ row, event }) => (event?.open === false ? event.rows : [row]));
        const idsWhere = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).map(({ id }) => id);
        return {
          ids: idsWhere(() => true),
          uploaded: idsWhere(({ uploaded }) => uploaded),
          troubled: idsWhere(({ outcome }) => outcome !== null && outcome.status !== 'ok'),
          expectedWrong: project.source.calibrated ? expectedWrong(rows) : null,
        };
      },
    }),
    route({
      method: 'POST',
      path: '/api/clips/remove',
      summary: 'Take clips out of the project; their files stay, but for uploads where that is asked for',
      body: removeInputSchema,
      answer: { json: changedSchema },
      refusals: [422, 507],
      handle: ({ body: { ids, deleteUploads } }) =>
        project.inTurn(async () => ({ changed: await changes.remove(ids, { deleteUploads }) })),
    }),
    route({
      method: 'POST',
      path: '/api/clips/restore',
      summary: 'Bring removed clips back, with what was predicted and decided',
      body: clipIdsSchema,
      answer: { json: changedSchema },
      refusals: [409, 413, 422, 507],
      handle: ({ body: { ids } }) =>
        project.inTurn(async () => {
          project.mustHaveRoom(ids.length);
          return { changed: await changes.restore(ids) };
        }),
    }),
    route({
      method: 'POST',
      path: '/api/clips/{id}/setting',
      summary: 'Say where and when a clip was taken',
      role: 'review',
      body: clipSettingSchema,
      answer: { json: changedSchema },
      refusals: [404, 422, 507],
      handle: ({ params, body }) =>
        project.inTurn(async () => {
          const { id } = project.clip(params['id'] ?? '');
          await project.reviews.settle(new Map([[id, patchOf(body)]]), body);
          return { changed: 1 };
        }),
    }),
    route({
      method: 'POST',
      path: '/api/clips/again',
      summary: 'Look at clips again, for example once a file was replaced; decisions stay',
      body: clipIdsSchema,
      answer: { json: changedSchema },
      refusals: [422, 507],
      handle: async ({ body }) => ({ changed: await changes.again(body.ids) }),
    }),
  ];
}

import { clipFilterSchema } from '@primatrix/review-api';
import { ClipFinder } from '../clips/find-clips.ts';
import { csvTables } from '../exports/csv-tables.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

/** What people take with them: labels for the next training, predictions, sites and times. All take the grid's filters. */
export function exportRoutes(project: ReviewProject): Route[] {
  const finder = new ClipFinder(project.table, project.opinions);
  const { classes } = project.table;
  return csvTables.map(({ name, summary, lines }) =>
    route({
      method: 'GET',
      path: `/api/export/${name}`,
      summary,
      query: clipFilterSchema,
      answer: { media: 'text/csv', says: summary },
      refusals: [422],
      handle: ({ query, reply, me }) =>
        reply
          .headers({
            'content-type': 'text/csv; charset=utf-8',
            'content-disposition': `attachment; filename="${name}"`,
            'cache-control': 'no-store',
          })
          .send([...lines(finder.find(query, me.name), classes)].join('')),
    }),
  );
}

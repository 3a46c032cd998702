import { seasonSchema, type Season } from '@primatrix/review-api';
import { CameraHealth } from '../season/camera-health.ts';
import { seasonOf } from '../season/season.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

/** What the clips come to: species, hours, effort, blanks and cameras. */
export function seasonRoutes(project: ReviewProject): Route[] {
  const { table } = project;
  const health = new CameraHealth(table);
  let last: { readonly version: number; readonly season: Season } | undefined;
  return [
    route({
      method: 'GET',
      path: '/api/season',
      summary: 'Species by site, activity by hour, effort, blank clips, and what clips tell of the cameras',
      answer: { json: seasonSchema },
      handle: () => {
        if (last?.version !== table.version) {
          last = { version: table.version, season: seasonOf(table, project.now(), health) };
        }
        return last.season;
      },
    }),
  ];
}

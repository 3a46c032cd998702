import { placesSchema } from '@primatrix/review-api';
import { z } from 'zod';
import { mustBeHere } from '../http/asked-from-here.ts';
import { route, type Route } from '../http/route.ts';
import { listPlaces } from '../project/list-places.ts';

/** Looking for clips among the folders of the machine. @param folders whether anybody may */
export function placeRoutes(folders: boolean): Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/places',
      summary: 'Folders in a folder of the machine that the gateway runs on, and where to begin',
      query: z.strictObject({ path: z.string().max(4096).default('') }),
      answer: { json: placesSchema },
      refusals: [403, 422],
      handle: ({ query: { path }, request }) => {
        mustBeHere(folders, request);
        return listPlaces(path);
      },
    }),
  ];
}

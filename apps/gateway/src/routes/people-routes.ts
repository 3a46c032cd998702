import {
  inviteInputSchema,
  invitedSchema,
  meSchema,
  peopleSchema,
  secondShareInputSchema,
  type People,
} from '@primatrix/review-api';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

/** Who works on the project, and what two people say of the same clips. */
export function peopleRoutes({ people, opinions, table }: ReviewProject): Route[] {
  const described = (): People => {
    const { clips, agreement } = opinions.summary();
    const listed = people.list().map((person) => ({ ...person, clips: clips.get(person.name) ?? 0 }));
    return { people: listed, secondShare: people.secondShare, agreement };
  };
  return [
    route({
      method: 'GET',
      path: '/api/me',
      summary: 'Who asks, and what they may do',
      answer: { json: meSchema },
      handle: ({ me }) => me,
    }),
    route({
      method: 'GET',
      path: '/api/people',
      summary: 'Who was invited, what they decided, and how far they agree',
      answer: { json: peopleSchema },
      handle: described,
    }),
    route({
      method: 'POST',
      path: '/api/people',
      summary: 'Invite somebody: the answer has their address, once',
      body: inviteInputSchema,
      answer: { json: invitedSchema },
      refusals: [409, 422, 507],
      handle: ({ body }) => people.invite(body),
    }),
    route({
      method: 'POST',
      path: '/api/people/{id}/remove',
      summary: 'Let somebody in no more; what they decided stays',
      answer: { json: peopleSchema },
      refusals: [404, 507],
      handle: async ({ params }) => {
        await people.remove(params['id'] ?? '');
        return described();
      },
    }),
    route({
      method: 'POST',
      path: '/api/people/second-opinions',
      summary: 'Have two people look at a share of the clips, the second without seeing what the first said',
      body: secondShareInputSchema,
      answer: { json: peopleSchema },
      refusals: [422, 507],
      handle: async ({ body }) => {
        await people.setSecondShare(body.share);
        // Lists of clips that wait for a second opinion are others now.
        table.version += 1;
        return described();
      },
    }),
  ];
}

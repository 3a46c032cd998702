import type { Invited, InviteInput, People } from '@primatrix/review-api';
import { call, post } from '../shell/api.ts';

/** Who works on the project, as the gateway has them. */
export const peopleApi = {
  all: () => call<People>('/api/people'),
  invite: (input: InviteInput) => post<Invited>('/api/people', input),
  remove: (id: string) => post<People>(`/api/people/${id}/remove`, {}),
  setSecondShare: (share: number) => post<People>('/api/people/second-opinions', { share }),
};

import type { Refit } from '@primatrix/review-api';
import { call } from '../shell/api.ts';

/** Re-fitting the second level, as pages ask for it. */
export const refitApi = {
  state: () => call<Refit>('/api/refit'),
  start: () => call<Refit>('/api/refit', { method: 'POST' }),
  stop: () => call<Refit>('/api/refit/stop', { method: 'POST' }),
  use: () => call<Refit>('/api/refit/use', { method: 'POST' }),
  drop: () => call<Refit>('/api/refit/drop', { method: 'POST' }),
};

import type { OwnModels, TrainingEffort } from '@primatrix/review-api';
import { call, post } from '../shell/api.ts';

/** How often the project is asked for while it is opened with another model. */
const everyMs = 250;

/** Models of the project, as pages ask for them. */
export const modelsApi = {
  state: () => call<OwnModels>('/api/models'),
  train: (effort: TrainingEffort) => post<OwnModels>('/api/models/train', { effort }),
  stop: () => call<OwnModels>('/api/models/stop', { method: 'POST' }),
  use: (number: number) => post<OwnModels>('/api/models/use', { number }),
  /** Settles when the project is open with a model: meanwhile nobody answers. */
  async served(number: number): Promise<void> {
    for (;;) {
      const models = await modelsApi.state().catch(() => null);
      if (models?.serving === number) return;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  },
};

export const reportOf = (number: number) => `/api/models/${number}/report`;

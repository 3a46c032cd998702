import type { Begin, Estimate, Project, Setup, SourceChoice } from '@primatrix/review-api';
import { call, post } from '../shell/api.ts';
import { say } from '../language/language.ts';

/** How often it is asked whether the project has come. */
const everyMs = 300;
const longestMs = 60_000;

/** The gateway before a project has anything that predicts. */
export const setupApi = {
  speed: (model: string) => call<{ milliseconds: number }>(`/api/setup/models/${encodeURIComponent(model)}/speed`),
  pull: (model: string) => post<{ kept: string }>(`/api/setup/models/${encodeURIComponent(model)}/pull`, {}),
  estimate: (input: { source: SourceChoice; folder: string }) => post<Estimate>('/api/setup/estimate', input),
  begin: (input: Begin) => post<{ begun: true }>('/api/setup/begin', input),
  /** Settles once the pages of the project are at this address. */
  async projectIsThere(): Promise<void> {
    for (const start = performance.now(); performance.now() - start < longestMs;) {
      await new Promise((resolve) => setTimeout(resolve, everyMs));
      const answer = await call<Project | { setup: Setup }>('/api/project').catch(() => undefined);
      if (answer !== undefined && !('setup' in answer)) return;
    }
    throw new Error(say.setup.notThere);
  },
};

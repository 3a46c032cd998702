import type { Deployment, DeploymentChange, DeploymentChanged, StampProposals } from '@primatrix/review-api';
import { call, post } from '../shell/api.ts';
import { reviewer } from '../shell/reviewer-name.tsx';

type Site = string | null;

/** Sites and their clips, as the gateway has them. */
export const deploymentsApi = {
  list: () => call<Deployment[]>('/api/deployments'),
  change: (site: Site, change: DeploymentChange) =>
    post<DeploymentChanged>('/api/deployments', { ...reviewer(), site, change }),
  preview: (site: Site, change: DeploymentChange) =>
    post<DeploymentChanged>('/api/deployments', { ...reviewer(), site, change, preview: true }),
  stamps: () => call<StampProposals>('/api/deployments/stamps'),
  readStamps: (site: Site) => post<StampProposals>('/api/deployments/stamps', { site }),
};

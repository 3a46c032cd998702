import type { Deployment, DeploymentChange } from '@primatrix/review-api';

/** What each part of the dialog is given. */
export interface PartProps {
  readonly deployment: Deployment;
  /** Keeps a change; the dialog closes when it is kept. */
  readonly onChange: (change: DeploymentChange, says: string) => void;
}

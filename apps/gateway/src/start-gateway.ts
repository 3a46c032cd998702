import { ClipMedia } from './media/clip-media.ts';
import { changeRoutes } from './routes/change-routes.ts';
import { clipRoutes } from './routes/clip-routes.ts';
import { decisionRoutes } from './routes/decision-routes.ts';
import { deploymentRoutes } from './routes/deployment-routes.ts';
import { exchangeRoutes } from './routes/exchange-routes.ts';
import { exportRoutes } from './routes/export-routes.ts';
import { peopleRoutes } from './routes/people-routes.ts';
import { placeRoutes } from './routes/place-routes.ts';
import { GatewayMetrics } from './metrics/gateway-metrics.ts';
import type { ProjectModels } from './models/project-models.ts';
import { modelRoutes } from './routes/model-routes.ts';
import type { ProjectSuggestions } from './suggestions/project-suggestions.ts';
import { openServer, type Gateway, type ServerOptions } from './http/open-server.ts';
import type { ProjectRefit } from './refit/project-refit.ts';
import { refitRoutes } from './routes/refit-routes.ts';
import type { ReviewProject } from './project/review-project.ts';
import { seasonRoutes } from './routes/season-routes.ts';
import { watchRequests } from './metrics/watch-requests.ts';

/** What the gateway serves, and where. */
export interface GatewayOptions extends ServerOptions {
  readonly project: ReviewProject;
  /** Absent: the second level cannot be fitted again from here. */
  readonly refit?: ProjectRefit;
  /** Absent: nothing is suggested. */
  readonly suggestions?: ProjectSuggestions;
  /** Absent: no model can be trained from here. */
  readonly models?: ProjectModels;
  /** What is to be said of the machine, beside what the project has to say. */
  readonly notices?: readonly string[];
  readonly limits: { readonly uploadBytes: number; readonly clips: number };
  /** Whether folders of this machine may be added from it; default true. See `isAskedFromHere`. */
  readonly folders?: boolean;
}

/** Serves a project over HTTP until it is closed. */
export function startGateway({
  project,
  refit,
  models,
  suggestions,
  notices = [],
  limits,
  folders = true,
  ...server
}: GatewayOptions): Promise<Gateway> {
  const metrics = new GatewayMetrics(project);
  return openServer(server, {
    routes: [
      ...clipRoutes(project, new ClipMedia(project.folder), {
        ...{ limits, folders, notices },
        refits: refit !== undefined,
        trains: models !== undefined,
        suggestions: () => suggestions?.describe() ?? null,
      }),
      ...peopleRoutes(project),
      ...placeRoutes(folders),
      ...changeRoutes(project),
      ...decisionRoutes(project),
      ...deploymentRoutes(project),
      ...exportRoutes(project),
      ...seasonRoutes(project),
      ...exchangeRoutes(project),
      ...(refit === undefined ? [] : refitRoutes(refit)),
      ...(models === undefined ? [] : modelRoutes(models)),
    ],
    people: project.people,
    // Why it has stopped names clips and folders: the pages say it to those who may know.
    missing: () =>
      project.progress().stage === 'stopped' ? [{ what: 'prediction', why: 'it has stopped; the pages say why' }] : [],
    watch: (app) => watchRequests(app, metrics),
    // How many clips there are, and when people work, is for those who have the token: Prometheus can send one.
    more: (app) =>
      app.get('/metrics', async (_request, reply) => {
        const { type, body } = await metrics.text();
        return reply.header('content-type', type).send(body);
      }),
  });
}

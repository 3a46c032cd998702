import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  addFolder,
  isLoopback,
  isReviewProject,
  lockProject,
  mostClips,
  projectFolder,
  readProject,
  readSite,
  rememberSource,
  startGateway,
  startSetup,
  type ReviewProject,
} from '@primatrix/gateway';
import { defaultModelsDir } from '@primatrix/models';
import type { Log } from '@primatrix/telemetry';
import { oldDecoderWarning } from '@primatrix/video';
import { brokerUrl } from './open-broker.ts';
import { ProjectOpener, type OpenedProject } from './project-opener.ts';
import type { ServeUiOptions } from './serve-ui-options.ts';
import type { Session } from '../terminal/session.ts';
import { startTracing } from './tracing.ts';

/** How long an answer may take to its asker before the address is closed under it. */
const toldMs = 200;

/**
 * Serves the pages of one project until it is stopped; with `remote`, services on NATS predict.
 * @param onOpen is given the address with its token once the pages answer, and the project; undefined where they first ask what is to predict
 * @throws UsageError NATS_URL
 */
export async function serveUi(
  options: ServeUiOptions,
  log: Log,
  session: Session,
  onOpen?: (address: string, project: ReviewProject | undefined) => Promise<void>,
): Promise<void> {
  const {
    project: place,
    host,
    port,
    maxUpload,
    folders,
    remote = false,
    log: kind,
    models = defaultModelsDir(),
  } = options;
  if (remote) brokerUrl('serve');
  const site = readSite();
  const opener = new ProjectOpener(options, models, log, session);
  // Nothing is made where it cannot be used.
  const chosen = options.source === undefined ? undefined : await opener.read(options.source);
  await using _lock = await lockProject(place);
  await using _tracing = await startTracing('primatrix-gateway', log);
  // The gateway decodes for its pages even where services predict.
  const old = await oldDecoderWarning();
  if (old !== null) log.warn(old);
  const token = process.env['PRIMATRIX_TOKEN'] || randomBytes(24).toString('base64url');
  const server = {
    ...{ site, token, host, port, folders },
    onError: (error: unknown, traceId: string | undefined) =>
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error), { traceId }),
  };
  if (!isLoopback(host)) {
    log.warn(
      `the pages listen on ${host}: whoever reaches this machine can try tokens, and clips and token go over the ` +
        'network unencrypted. Listen on 127.0.0.1 behind a proxy with TLS instead, with --no-folders (see docs/tutorial.md)',
    );
  }
  const say = (url: string) => {
    // What reads lines keeps them: the token is not for it.
    if (kind === 'json') log.info(`pages of ${place}/${projectFolder} at ${url}`);
    else {
      process.stderr.write(
        `project  ${place}/${projectFolder}\nopen     ${url}/?token=${token}\n(Ctrl-C stops; what was predicted and reviewed is kept)\n`,
      );
    }
  };
  const ended = session.signal.aborted ? Promise.resolve() : once(session.signal, 'abort');
  let source = chosen;
  let opened = chosen === undefined ? undefined : await opener.open(chosen);
  if (options.source !== undefined) await rememberSource(place, options.source);
  let taken = port;
  if (opened === undefined) {
    const setup = await startSetup({
      ...server,
      place,
      clips: await clipsOf(place),
      bundles: options.bundles ?? [],
      models,
      startWorker: (records, source) => opener.startWorker(records, source, false),
      begin: async ({ source: wanted, folder }) => {
        const read = await opener.read(wanted);
        const begun = await opener.open(read);
        try {
          if (folder !== undefined) await addFolder(begun.project, folder);
          await rememberSource(place, wanted);
        } catch (error) {
          await begun[Symbol.asyncDispose]();
          throw error;
        }
        source = read;
        opened = begun;
      },
    });
    // The pages of the project come to the same address.
    taken = Number(new URL(setup.url).port);
    say(setup.url);
    await onOpen?.(`${setup.url}/?token=${token}`, undefined);
    await Promise.race([setup.begun, ended]);
    await setup.close();
    if (opened === undefined) return;
  }
  let first = options.source !== undefined;
  // Each turn is a model that predicts: where another is chosen, the project is opened with that one at the same address.
  while (opened !== undefined) {
    await using parts: OpenedProject = opened;
    opened = undefined;
    const gateway = await startGateway({
      ...server,
      ...parts,
      port: taken,
      ...(old === null ? {} : { notices: [old] }),
      limits: { uploadBytes: maxUpload * 1024 ** 2, clips: mostClips },
    });
    taken = Number(new URL(gateway.url).port);
    if (first) {
      say(gateway.url);
      await onOpen?.(`${gateway.url}/?token=${token}`, parts.project);
    }
    first = false;
    await Promise.race([ended, parts.outdated]);
    // Whoever chose it is told first.
    if (!session.signal.aborted) await sleep(toldMs);
    await gateway.close();
    if (session.signal.aborted || source === undefined) return;
    await parts[Symbol.asyncDispose]();
    opened = await opener.open(source);
  }
}

/** How many clips a project has from before. */
async function clipsOf(place: string): Promise<number> {
  return isReviewProject(place) ? (await readProject(place)).clips.size : 0;
}

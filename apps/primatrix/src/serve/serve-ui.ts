import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import {
  bundleInUse,
  forkRefit,
  forkWorker,
  isLoopback,
  lockProject,
  ProjectRefit,
  projectFolder,
  readSite,
  ReviewProject,
  startGateway,
} from '@primatrix/gateway';
import { prepareFamilies } from '@primatrix/families';
import type { Device } from '@primatrix/onnx';
import { familiesOfBundle, readBundle } from '@primatrix/prediction';
import type { Log } from '@primatrix/telemetry';
import { oldDecoderWarning } from '@primatrix/video';
import { featureContext, installedFamilies } from '../installed-families.ts';
import { brokerUrl } from './open-broker.ts';
import { RemoteWorker } from './remote-worker.ts';
import type { Session } from '../terminal/session.ts';
import { startTracing } from './tracing.ts';
import { whilePreparing } from '../while-preparing.ts';

/** What `serve --ui` is told. */
export interface ServeUiOptions {
  readonly bundle: string;
  readonly project: string;
  readonly host: string;
  readonly port: number;
  readonly maxUpload: number;
  /** Whether folders of this machine may be added from it; false for pages behind a proxy. */
  readonly folders: boolean;
  readonly device: Device;
  readonly remote?: boolean;
  /** Where services keep tensors. */
  readonly store?: string;
  readonly log: 'text' | 'json';
}

/** Clips that a project may have: all of them are in memory. */
const mostClips = 200_000;

/**
 * Serves the pages of one project until it is stopped; with `remote`, services on NATS predict.
 * @param onOpen is given the address with its token once the pages answer, and the project
 * @throws UsageError NATS_URL
 */
export async function serveUi(
  {
    bundle: folder,
    project: place,
    host,
    port,
    maxUpload,
    folders,
    device,
    remote = false,
    store,
    log: kind,
  }: ServeUiOptions,
  log: Log,
  session: Session,
  onOpen?: (address: string, project: ReviewProject) => Promise<void>,
): Promise<void> {
  if (remote) brokerUrl('serve');
  const site = readSite();
  const given = { folder, ...(await readBundle(folder)) };
  await using _lock = await lockProject(place);
  // Services serve the bundle that is given, not a re-fit that lies in the project.
  const bundle = remote ? given : await bundleInUse(place, given, (message) => log.warn(message));
  await using _tracing = await startTracing('primatrix-gateway', log);
  if (!remote) {
    const own = familiesOfBundle(await installedFamilies(), bundle.manifest);
    // Here, where it can be seen: the processes that predict and re-fit find all of it ready.
    await whilePreparing(session, (told) => prepareFamilies(own, told));
  }
  // One processor is left to the gateway itself.
  const { weightsDir } = featureContext({ device });
  const families = new URL('../../', import.meta.url).href;
  const worker = { families, weightsDir, threads: Math.max(1, availableParallelism() - 1), device };
  await using project = await ReviewProject.open({
    folder: place,
    bundle,
    calibrated: true,
    maxClips: mostClips,
    now: () => new Date(),
    startWorker: (records, inUse, alone) =>
      remote
        ? new RemoteWorker({ bundle: inUse, records, store })
        : forkWorker({ ...worker, bundle: inUse, records, alone }),
  });
  await using refit = remote
    ? undefined
    : await ProjectRefit.open({
        project,
        given,
        training: dirname(resolve(folder)),
        start: (settings) => forkRefit({ ...settings, families, parallel: availableParallelism() }),
      });
  // The gateway decodes for its pages even where services predict.
  const old = await oldDecoderWarning();
  if (old !== null) log.warn(old);
  const token = process.env['PRIMATRIX_TOKEN'] || randomBytes(24).toString('base64url');
  const gateway = await startGateway({
    project,
    site,
    token,
    host,
    port,
    ...(refit === undefined ? {} : { refit }),
    ...(old === null ? {} : { notices: [old] }),
    limits: { uploadBytes: maxUpload * 1024 ** 2, clips: mostClips },
    folders,
    onError: (error, traceId) =>
      log.error(error instanceof Error ? (error.stack ?? error.message) : String(error), { traceId }),
  });
  if (!isLoopback(host)) {
    log.warn(
      `the pages listen on ${host}: whoever reaches this machine can try tokens, and clips and token go over the ` +
        'network unencrypted. Listen on 127.0.0.1 behind a proxy with TLS instead, with --no-folders (see docs/tutorial.md)',
    );
  }
  // What reads lines keeps them: the token is not for it.
  if (kind === 'json') log.info(`pages of ${place}/${projectFolder} at ${gateway.url}`);
  else {
    process.stderr.write(
      `project  ${place}/${projectFolder}\nopen     ${gateway.url}/?token=${token}\n(Ctrl-C stops; what was predicted and reviewed is kept)\n`,
    );
  }
  await onOpen?.(`${gateway.url}/?token=${token}`, project);
  if (!session.signal.aborted) await once(session.signal, 'abort');
  await gateway.close();
}

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeptExports, lockProject, rememberSource, type ReviewProject, type SourceChoice } from '@primatrix/gateway';
import type { Device } from '@primatrix/onnx';
import type { Log } from '@primatrix/telemetry';
import { readContainerPromise } from '@primatrix/video';
import { ProjectOpener } from '../serve/project-opener.ts';
import { serveUi } from '../serve/serve-ui.ts';
import { exitStatus } from '../terminal/exit-status.ts';
import type { Session } from '../terminal/session.ts';
import { binBlanks, blanksFile, listBlanks } from './blank-clips.ts';
import { FolderWatch } from './folder-watch.ts';
import { Settling } from './settling.ts';
import { TakenFiles } from './taken-files.ts';

/** What `watch` is told. */
export interface WatchOptions {
  readonly folders: readonly string[];
  readonly project: string;
  readonly out: string;
  readonly source: SourceChoice;
  readonly models: string;
  readonly device: Device;
  /** Seconds between looks; for which a file must have stayed as it is; after which a damaged one is taken. */
  readonly every: number;
  readonly settle: number;
  readonly giveUp: number;
  /** Ends once all that is there is predicted and written. */
  readonly once: boolean;
  /** Days after which blanks are listed. */
  readonly blanksAfter?: number;
  /** Moves the listed blanks to the bin, and ends. */
  readonly binBlanks: boolean;
  /** Serves the pages of the project, too. */
  readonly ui: boolean;
  readonly host: string;
  readonly port: number;
}

/** How long a project is left alone whose disk is full or whose predicting process cannot start. */
const pauseMs = 30_000;
/** How often it is looked whether prediction has come to an end. */
const idleMs = 200;
/** Results are written so often at most while clips are still being predicted. */
const exportEveryMs = 60_000;

/** Watches folders until it is stopped, or once. */
export async function runWatch(options: WatchOptions, log: Log, session: Session): Promise<void> {
  const folders = options.folders.map((folder) => resolve(folder));
  const say = (line: string) => log.info(line);
  const served = { ...options, maxUpload: 2048, folders: true, log: 'text' as const };
  if (options.ui && !options.once && !options.binBlanks) {
    await serveUi(served, log, session, async (_address, project) => {
      if (project !== undefined) await watchProject({ ...options, folders }, project, say, session);
    });
    return;
  }
  const opener = new ProjectOpener(served, options.models, log, session);
  const chosen = await opener.read(options.source);
  await using _lock = await lockProject(options.project);
  await rememberSource(options.project, options.source);
  while (!session.signal.aborted) {
    let trouble: string | null;
    {
      await using opened = await opener.open(chosen);
      trouble = await watchProject({ ...options, folders }, opened.project, say, session);
    }
    if (trouble === null) return;
    if (options.once || options.binBlanks) {
      say(`trouble  prediction: ${trouble}`);
      session.status = exitStatus.failed;
      return;
    }
    say(`trouble  prediction: ${trouble}; it is tried again in ${pauseMs / 1000} s`);
    await pause(pauseMs, session.signal);
  }
}

/** @returns why prediction cannot go on; null: it was stopped, or is done */
async function watchProject(
  { folders, out, every, settle, giveUp, once, blanksAfter, binBlanks: bins }: WatchOptions,
  project: ReviewProject,
  say: (line: string) => void,
  session: Session,
): Promise<string | null> {
  const { signal } = session;
  await using taken = await TakenFiles.open(project.folder);
  const exports = new KeptExports(resolve(out));
  const settling = new Settling({ settleMs: settle * 1000, giveUpMs: giveUp * 1000 }, async (path) => {
    const { complete } = await readContainerPromise(path);
    const { size, mtimeMs } = await stat(path);
    return { complete, bytes: size, modifiedMs: mtimeMs };
  });
  const watch = new FolderWatch({ folders, project, settling, taken, exports, say });
  if (bins) {
    await untilIdle(project, signal);
    const { moved, left } = await binBlanks(project, folders, { days: blanksAfter ?? 0, exports: exports.folder });
    for (const line of left) say(`left     ${line}`);
    say(`moved    ${moved} blank clips to primatrix-bin/ in their folders`);
    await watch.writeExports();
    return null;
  }
  say(`watching ${folders.join(', ')}, every ${every} s (Ctrl-C stops; all that was done is kept)`);
  const now = () => performance.now();
  let [written, listedAt] = [-Infinity, -1];
  const write = async () => {
    await watch.writeExports();
    written = now();
    if (blanksAfter === undefined || listedAt === project.table.version || exports.isDue(project)) return;
    try {
      const listed = await listBlanks(project, folders, { days: blanksAfter, exports: exports.folder });
      listedAt = project.table.version;
      if (listed > 0) say(`blanks   ${listed} older than ${blanksAfter} days: ${exports.folder}/${blanksFile}`);
      watch.tell(blanksFile, null);
    } catch (error) {
      watch.tell(blanksFile, (error as Error).message);
    }
  };
  if (once) {
    // Two looks, so far apart that what is being written is seen to grow.
    await watch.look(now());
    await pause(settle * 1000 + 50, signal);
    await watch.look(now());
    await untilIdle(project, signal);
    const { trouble } = project.progress();
    if (signal.aborted || trouble !== null) return trouble;
    await write();
    if (settling.waiting > 0) {
      say(`later    ${settling.waiting} files are still being written: the next run takes them`);
    }
    if (watch.troubled) session.status = exitStatus.failed;
    return null;
  }
  while (!signal.aborted) {
    await watch.look(now());
    const { stage, trouble } = project.progress();
    if (stage === 'stopped') return trouble ?? 'it has stopped';
    if (stage === 'idle' || now() - written > exportEveryMs) await write();
    await pause(every * 1000, signal);
  }
  return null;
}

async function untilIdle(project: ReviewProject, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !['idle', 'stopped'].includes(project.progress().stage)) await pause(idleMs, signal);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

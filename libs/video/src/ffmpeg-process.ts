import { resolve } from 'node:path';
import { PassThrough, Transform, type Readable, type TransformCallback, type Writable } from 'node:stream';
import { promisify } from 'node:util';
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { VideoToolError } from './errors.ts';
import { decoderThreads, type ClipLimits } from './limits.ts';
import { ffmpegPath, ffprobePath, type ToolName } from './tools.ts';

/** One input of a command: options that stand before `-i`, and an ffmpeg URL ({@link fileUrl} or `pipe:0`). */
export type ToolInput = { readonly url: string; readonly options?: readonly string[] };

/** A file that a command writes beside its output, and the options that stand before its name. */
export type ToolFile = { readonly path: string; readonly options: readonly string[] };

export type ToolCommand = {
  readonly tool: ToolName;
  readonly inputs: readonly ToolInput[];
  readonly outputOptions: readonly string[];
  /** An ffmpeg URL; null for ffprobe, which has no output file. */
  readonly output: string | null;
  /** Files that the same process writes, each of its own options. */
  readonly files?: readonly ToolFile[];
  readonly limits: ClipLimits;
  readonly signal?: AbortSignal | undefined;
};

/** How a process ended. `errors` holds the first lines of its error output, `errorLines` counts all of them. */
export type ToolExit = {
  readonly code: number | null;
  readonly killedBy: NodeJS.Signals | null;
  readonly timedOut: boolean;
  readonly errors: readonly string[];
  readonly errorLines: number;
};

/** A running process. `exit` rejects only if it could not be started; a bad exit code resolves. */
export type RunningTool = {
  /**
   * Null unless an input is {@link standardInput}. Writes to a process that has gone may stay without an answer: race
   * them with `exit`.
   */
  readonly stdin: Writable | null;
  readonly exit: Promise<ToolExit>;
  readonly kill: () => void;
  /** Stops the wall clock while the process waits for its reader: a slow reader is no fault of the clip. */
  readonly pause: () => void;
  /** Lets the wall clock go on. */
  readonly resume: () => void;
};

/** A running process whose standard output waits to be read. */
export type ReadableTool = RunningTool & { readonly stdout: Readable };

const keptErrorLines = 500;
const longestErrorLine = 400;
// `[h264 @ 0x13332900]`: another one each run, in results that are to be the same each run.
const instanceAddress = / @ (0x)?[0-9a-f]{6,}(?=\])/g;

// ulimit counts kibibytes. A limit that the system does not know, or a lower one already set, is no reason to fail.
// Static builds (npm's are) crash when glibc's iconv loads a converter of the system, as for the station name of an
// MPEG-TS.
const limitingShell =
  'ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; shift 2; GCONV_PATH=/nonexistent exec "$@"';
// Bytes on their way between the process and its reader.
const pipeBytes = 1 << 20;

/** The ffmpeg URL of the child's standard input. */
export const standardInput = 'pipe:0';

/** The ffmpeg URL of the child's standard output. */
export const standardOutput = 'pipe:1';

/** The ffmpeg URL of a local file. Without `file:` a name such as `-x.mp4` or `a:b.avi` is an option or a protocol. */
export function fileUrl(path: string): string {
  return `file:${resolve(path)}`;
}

/**
 * Starts ffmpeg or ffprobe as a child process under the limits: files and pipes only, no terminal, bounded memory,
 * processor time and wall time, killed when `signal` aborts.
 * @throws the signal's reason if it has aborted already
 */
export function startTool(command: ToolCommand): ReadableTool {
  const stdout = new PassThrough({ emitClose: false, highWaterMark: pipeBytes });
  return { ...startToolInto(command, stdout), stdout };
}

/**
 * The same for standard output that is much: it goes straight to where it is wanted.
 * @param stdout without `close`, which fluent-ffmpeg takes for a reader that has gone, and ends a process that is about
 *   to end by itself
 * @throws the signal's reason if it has aborted already
 */
export function startToolInto(command: ToolCommand, stdout: Writable): RunningTool {
  const { limits, signal } = command;
  signal?.throwIfAborted();
  const tool = command.tool === 'ffmpeg' ? ffmpegPath() : ffprobePath();
  const stdin = command.inputs.some(({ url }) => url === standardInput) ? new Transform({ transform: copied }) : null;
  const fluent = fluentCommand(command, tool, stdin, stdout);

  let state: 'waiting' | 'running' | 'ended' = 'waiting';
  let killed = false;
  let timedOut = false;
  const errors: string[] = [];
  let errorLines = 0;
  const kill = (): void => {
    killed = true;
    if (state === 'running') fluent.kill('SIGKILL');
  };
  let leftMs = limits.maxWallSeconds * 1000;
  let timer: { readonly handle: NodeJS.Timeout; readonly since: number } | undefined;
  const pause = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer.handle);
    leftMs -= performance.now() - timer.since;
    timer = undefined;
  };
  const resume = (): void => {
    if (timer !== undefined || state === 'ended') return;
    const timeOut = (): void => {
      timedOut = true;
      kill();
    };
    timer = { handle: setTimeout(timeOut, Math.max(0, leftMs)), since: performance.now() };
  };

  const exit = new Promise<ToolExit>((resolveExit, rejectExit) => {
    resume();
    signal?.addEventListener('abort', kill, { once: true });
    const settle = (error: Error | null): void => {
      const ran = state === 'running';
      state = 'ended';
      pause();
      signal?.removeEventListener('abort', kill);
      // Of a process that wrote to a pipe, what it wrote may still be on its way: the pipe ends by itself.
      const piped = command.output === null || command.output === standardOutput;
      if (!ran || !piped) stdout.end();
      // Whoever writes must not wait for a process that has gone.
      stdin?.destroy();
      const ended = endOf(error);
      if (ran && ended !== null) resolveExit({ ...ended, timedOut, errors, errorLines });
      else if (killed) resolveExit({ code: null, killedBy: 'SIGKILL', timedOut, errors, errorLines });
      else rejectExit(error instanceof VideoToolError ? error : notStarted(command.tool, tool, error));
    };
    fluent
      .on('start', () => {
        state = 'running';
        if (killed) fluent.kill('SIGKILL');
      })
      .on('stderr', (line: string) => {
        if (line.trim() === '') return;
        if (errorLines++ < keptErrorLines) {
          errors.push(line.trim().replaceAll(instanceAddress, '').slice(0, longestErrorLine));
        }
      })
      .on('error', (error: Error) => settle(error))
      .on('end', () => settle(null));
    starts = starts.then(() => startNext(fluent, tool, () => killed)).catch(settle);
  });
  exit.catch(() => undefined);
  // A process that dies early closes its input; that shows in its exit, not as an error of ours.
  stdin?.on('error', () => undefined);
  return { stdin, exit, kill, pause, resume };
}

/** Whoever writes may use a chunk's bytes again as soon as it is taken, which is before it has reached the process. */
function copied(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
  done(null, Buffer.from(chunk));
}

/** Starts one after another: fluent-ffmpeg has one path for all commands, and reads it just before it starts one. */
let starts: Promise<void> = Promise.resolve();
let capabilities: Promise<unknown> | undefined;

async function startNext(fluent: FfmpegCommand, tool: string, isKilled: () => boolean): Promise<void> {
  // fluent-ffmpeg asks for these before its first command, of whatever it then has for ffmpeg: a shell, below.
  capabilities ??= knowCapabilities().catch((error: unknown) => {
    capabilities = undefined;
    throw notStarted('ffmpeg', ffmpegPath(), error);
  });
  await capabilities;
  if (isKilled()) throw new Error('killed before it was started');
  ffmpeg.setFfmpegPath(process.platform === 'win32' ? tool : shell);
  await new Promise<void>((started) => {
    fluent.once('start', () => started()).once('error', () => started());
    fluent.run();
  });
}

async function knowCapabilities(): Promise<void> {
  ffmpeg.setFfmpegPath(ffmpegPath());
  await Promise.all([promisify(ffmpeg.getAvailableFormats)(), promisify(ffmpeg.getAvailableEncoders)()]);
}

const shell = '/bin/sh';

function fluentCommand(
  { tool: name, inputs, output, outputOptions, files = [], limits }: ToolCommand,
  tool: string,
  stdin: Readable | null,
  stdout: Writable,
): FfmpegCommand {
  const command = ffmpeg({ stdoutLines: 1 });
  const globals =
    name === 'ffmpeg' ? ['-hide_banner', '-nostdin', '-threads', String(decoderThreads)] : ['-hide_banner'];
  for (const [index, { url, options }] of inputs.entries()) {
    command.input(url === standardInput && stdin !== null ? stdin : url);
    // Options go in as many arguments: from an array, fluent-ffmpeg would split each that holds a space. The first
    // input's come first of all, so that what is started can be a shell that sets limits.
    if (index === 0) {
      command.inputOptions(
        ...limitedCall(tool, limits),
        ...['-v', 'error', '-max_alloc', String(limits.maxMemoryBytes), ...globals],
      );
    }
    command.inputOptions('-protocol_whitelist', 'file,pipe', ...(options ?? []));
  }
  if (output === null) {
    // ffprobe has no output file, and fluent-ffmpeg always names one, last: as the value of an option that says how a
    // summary is set that is not asked for.
    return command.outputOptions(...outputOptions, '-dump_separator').output(stdout);
  }
  command.outputOptions(...outputOptions).output(output === standardOutput ? stdout : output);
  for (const { path, options } of files) command.output(fileUrl(path)).outputOptions(...options);
  return command;
}

function limitedCall(tool: string, limits: ClipLimits): string[] {
  if (process.platform === 'win32') return [];
  const kibibytes = Math.ceil(limits.maxMemoryBytes / 1024);
  const cpuSeconds = Math.ceil(limits.maxWallSeconds * decoderThreads);
  return ['-c', limitingShell, 'sh', String(kibibytes), String(cpuSeconds), tool];
}

/** How a process ended by what fluent-ffmpeg says of it; null where it did not run. */
function endOf(error: Error | null): Pick<ToolExit, 'code' | 'killedBy'> | null {
  if (error === null) return { code: 0, killedBy: null };
  const code = /exited with code (\d+)/.exec(error.message)?.[1];
  if (code !== undefined) return { code: Number(code), killedBy: null };
  const name = /killed with signal (SIG\w+)/.exec(error.message)?.[1];
  return name === undefined ? null : { code: null, killedBy: name as NodeJS.Signals };
}

function notStarted(name: ToolName, tool: string, cause: unknown): VideoToolError {
  return new VideoToolError(`video: ${tool} could not be started`, {
    cause,
    fields: { tool: name, path: tool },
    hint: 'npx primatrix doctor says which ffmpeg is found',
  });
}

import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import { VideoToolError } from './errors.ts';
import { decoderThreads, type ClipLimits } from './limits.ts';
import { ffmpegPath, ffprobePath, type ToolName } from './tools.ts';

/** One input of a command: options that stand before `-i`, and an ffmpeg URL ({@link fileUrl} or `pipe:0`). */
export type ToolInput = { readonly url: string; readonly options?: readonly string[] };

export type ToolCommand = {
  readonly tool: ToolName;
  readonly inputs: readonly ToolInput[];
  readonly outputOptions: readonly string[];
  /** An ffmpeg URL; null for ffprobe, which has no output file. */
  readonly output: string | null;
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
  readonly pid: number | undefined;
  /** Null unless an input is {@link standardInput}. */
  readonly stdin: Writable | null;
  readonly stdout: Readable;
  readonly exit: Promise<ToolExit>;
  readonly kill: () => void;
  /** Stops the wall clock while the process waits for its reader: a slow reader is no fault of the clip. */
  readonly pause: () => void;
  /** Lets the wall clock go on. */
  readonly resume: () => void;
};

// What fluent-ffmpeg 2.1.3 (its last version) has but does not declare. Its public run() starts two more
// processes to list codecs, leaves standard input open, and keeps the tool's path in a global variable.
type FluentInternals = {
  _getFfmpegPath: (callback: (error: Error | null, path: string) => void) => void;
  _getArguments: () => string[];
  _spawnFfmpeg: (
    args: readonly string[],
    options: SpawnOptions,
    onProcess: (
      child: ChildProcess,
      out: unknown,
      errors: { callback: (onLine: (line: string) => void) => void },
    ) => void,
    onEnd: (error: Error | null) => void,
  ) => void;
};

const keptErrorLines = 500;
const longestErrorLine = 400;
// `[h264 @ 0x13332900]`: another one each run, in results that are to be the same each run.
const instanceAddress = / @ (0x)?[0-9a-f]{6,}(?=\])/g;

// ulimit counts kibibytes. A limit that the system does not know, or a lower one already set, is no reason to fail.
const limitingShell = 'ulimit -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; shift 2; exec "$@"';

// Static builds (npm's are) crash when glibc's iconv loads a converter of the system, as for the station name of an MPEG-TS.
const environment = { GCONV_PATH: '/nonexistent' };

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
export function startTool(command: ToolCommand): RunningTool {
  const { limits, signal } = command;
  signal?.throwIfAborted();
  const tool = command.tool === 'ffmpeg' ? ffmpegPath() : ffprobePath();
  const args = toolArguments(command);
  const fluent = ffmpeg() as unknown as FluentInternals;
  const limited = process.platform === 'win32' ? { path: tool, args } : limitedCall(tool, args, limits);
  fluent._getFfmpegPath = (callback) => callback(null, limited.path);

  const readsInput = command.inputs.some(({ url }) => url === standardInput);
  let child: ChildProcess | undefined;
  let timedOut = false;
  const errors: string[] = [];
  let errorLines = 0;
  const kill = (): void => void child?.kill('SIGKILL');
  let leftMs = limits.maxWallSeconds * 1000;
  let ended = false;
  let timer: { readonly handle: NodeJS.Timeout; readonly since: number } | undefined;
  const pause = (): void => {
    if (timer === undefined) return;
    clearTimeout(timer.handle);
    leftMs -= performance.now() - timer.since;
    timer = undefined;
  };
  const resume = (): void => {
    if (timer !== undefined || ended) return;
    const timeOut = (): void => {
      timedOut = true;
      kill();
    };
    timer = { handle: setTimeout(timeOut, Math.max(0, leftMs)), since: performance.now() };
  };

  const exit = new Promise<ToolExit>((resolveExit, rejectExit) => {
    resume();
    const settle = (error: unknown): void => {
      ended = true;
      pause();
      signal?.removeEventListener('abort', kill);
      // A process that ran has an exit code or a signal; fluent-ffmpeg's error then only repeats it.
      if (child !== undefined && (child.exitCode !== null || child.signalCode !== null)) {
        resolveExit({ code: child.exitCode, killedBy: child.signalCode, timedOut, errors, errorLines });
      } else {
        rejectExit(
          new VideoToolError(`video: ${tool} could not be started`, {
            cause: error,
            fields: { tool: command.tool, path: tool },
          }),
        );
      }
    };
    try {
      fluent._spawnFfmpeg(
        limited.args,
        {
          stdio: [readsInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
          windowsHide: true,
          env: { ...process.env, ...environment },
        },
        (started, _out, lines) => {
          child = started;
          lines.callback((line) => {
            if (line.trim() === '') return;
            if (errorLines++ < keptErrorLines) {
              errors.push(line.trim().replaceAll(instanceAddress, '').slice(0, longestErrorLine));
            }
          });
        },
        settle,
      );
      signal?.addEventListener('abort', kill, { once: true });
    } catch (error) {
      settle(error);
    }
  });
  exit.catch(() => undefined);
  const { pid, stdin = null, stdout } = (child ?? {}) as Partial<ChildProcess>;
  if (stdout == null) {
    throw new VideoToolError(`video: ${tool} could not be started`, { fields: { tool: command.tool, path: tool } });
  }
  // A process that dies early closes its input; that shows in its exit, not as an error of ours.
  stdin?.on('error', () => undefined);
  return { pid, stdin, stdout, exit, kill, pause, resume };
}

function toolArguments({ tool, inputs, output, outputOptions, limits }: ToolCommand): string[] {
  const command = ffmpeg();
  for (const [index, { url, options }] of inputs.entries()) {
    command.input(url);
    const globals =
      tool === 'ffmpeg' ? ['-hide_banner', '-nostdin', '-threads', String(decoderThreads)] : ['-hide_banner'];
    // Options go in as many arguments: from an array, fluent-ffmpeg would split each that holds a space.
    if (index === 0) command.inputOptions('-v', 'error', '-max_alloc', String(limits.maxMemoryBytes), ...globals);
    command.inputOptions('-protocol_whitelist', 'file,pipe', ...(options ?? []));
  }
  if (output !== null) command.output(output);
  command.outputOptions(...outputOptions);
  return (command as unknown as FluentInternals)._getArguments();
}

function limitedCall(tool: string, args: readonly string[], limits: ClipLimits): { path: string; args: string[] } {
  const kibibytes = Math.ceil(limits.maxMemoryBytes / 1024);
  const cpuSeconds = Math.ceil(limits.maxWallSeconds * decoderThreads);
  return { path: '/bin/sh', args: ['-c', limitingShell, 'sh', String(kibibytes), String(cpuSeconds), tool, ...args] };
}

/** Collects all of standard output, at most `maxBytes` of it; kills the process beyond that and returns null. */
export async function readOutput(running: RunningTool, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of running.stdout as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      running.kill();
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
}

import { execFile, execFileSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { sha256Bytes, temporaryName, userCacheFolder } from '@primatrix/files';
import { VideoToolError } from './errors.ts';

/** A program that this package runs. */
export type ToolName = 'ffmpeg' | 'ffprobe';

/** Where a tool was found: named by the environment, installed on the system, or shipped by npm. */
export type ToolOrigin = 'environment' | 'system' | 'npm';

/** What `doctor` shows about one tool. `warning` is null when all is well. */
export type ToolInfo = {
  readonly name: ToolName;
  readonly path: string;
  readonly origin: ToolOrigin;
  readonly version: string;
  /** Until when it was worked on, as it says itself; null where it does not. */
  readonly year: number | null;
  readonly warning: string | null;
};

type FoundTool = { readonly path: string; readonly origin: ToolOrigin };

const variables = { ffmpeg: 'FFMPEG_PATH', ffprobe: 'FFPROBE_PATH' } as const;
const packages = { ffmpeg: '@ffmpeg-installer/ffmpeg', ffprobe: '@ffprobe-installer/ffprobe' } as const;

// libavcodec 59 came with ffmpeg 5.0 (January 2022); older branches get no security fixes. Debian mends its own 5.1.
const oldestMaintainedAvcodec = 59;
// libavcodec 60 came with ffmpeg 6.0 (February 2023).
const preferredAvcodec = 60;
const installAdvice = 'install a newer one (apt install ffmpeg, brew install ffmpeg, winget install ffmpeg)';

const found = new Map<string, FoundTool>();

/**
 * Path of the ffmpeg to run: `FFMPEG_PATH`, else the first on `PATH` of version 6 or newer, else the first there, else
 * npm's.
 * @throws VideoToolError
 */
export function ffmpegPath(): string {
  return findTool('ffmpeg').path;
}

/**
 * Path of the ffprobe to run: `FFPROBE_PATH`, else the first on `PATH` of version 6 or newer, else the first there,
 * else npm's.
 * @throws VideoToolError
 */
export function ffprobePath(): string {
  return findTool('ffprobe').path;
}

/**
 * Path, origin and version of both tools, found by running them.
 * @throws VideoToolError where one does not run
 */
export async function tools(): Promise<readonly [ToolInfo, ToolInfo]> {
  return Promise.all([describeTool('ffmpeg'), describeTool('ffprobe')]);
}

/**
 * What is to be said, in a line, where clips of strangers are decoded by an ffmpeg that gets no security fixes; null
 * where all is well. What is wrong with a tool that does not run shows with the first clip.
 */
export async function oldDecoderWarning(): Promise<string | null> {
  const info = await describeTool('ffmpeg').catch(() => null);
  if (info === null || info.warning === null) return null;
  const whose = { npm: "npm's", system: "the system's", environment: 'as FFMPEG_PATH names it' }[info.origin];
  const which = info.year === null ? info.version : `of ${info.year}`;
  return `clips are decoded by an old ffmpeg (${whose}, ${which}) that gets no security fixes: ${installAdvice}`;
}

function findTool(name: ToolName): FoundTool {
  const named = process.env[variables[name]];
  const key = [name, named, process.env['PATH']].join('\0');
  let tool = found.get(key);
  if (tool === undefined) {
    tool = named ? namedTool(name, named) : (systemTool(name) ?? npmTool(name));
    found.set(key, tool);
  }
  return tool;
}

function namedTool(name: ToolName, path: string): FoundTool {
  if (!isExecutable(path)) {
    throw new VideoToolError(`video: ${variables[name]} must name an executable file, got '${path}'`, {
      fields: { tool: name, path },
      hint: `correct ${variables[name]}, or unset it to use the ${name} of the system or of npm`,
    });
  }
  return { path, origin: 'environment' };
}

function systemTool(name: ToolName): FoundTool | null {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const found = new Map<string, string>();
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    // npm puts node_modules/.bin on the path; an empty entry means the working folder, which is not trusted.
    const path = join(folder, file);
    if (folder === '' || !isExecutable(path)) continue;
    const real = realpathSync(path);
    if (!found.has(real)) found.set(real, path);
  }
  const paths = [...found.values()];
  // Where there is no choice, nothing need be run to make it.
  const best = paths.length < 2 ? undefined : paths.find((path) => avcodecOf(path) >= preferredAvcodec);
  const path = best ?? paths[0];
  return path === undefined ? null : { path, origin: 'system' };
}

/** NaN where it does not run. */
function avcodecOf(path: string): number {
  try {
    return avcodecIn(
      execFileSync(path, ['-version'], {
        encoding: 'utf8',
        timeout: 30_000,
        windowsHide: true,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
  } catch {
    return Number.NaN;
  }
}

function avcodecIn(output: string): number {
  return Number(/libavcodec\s+(\d+)\./.exec(output)?.[1] ?? Number.NaN);
}

function npmTool(name: ToolName): FoundTool {
  let installed: { path: string; version: string };
  try {
    installed = createRequire(import.meta.url)(packages[name]) as { path: string; version: string };
  } catch (cause) {
    throw new VideoToolError(`video: no ${name} found in ${variables[name]}, on PATH, or in npm's ${packages[name]}`, {
      cause,
      fields: { tool: name },
      hint: `install ffmpeg with the system's package manager, or set ${variables[name]}`,
    });
  }
  return { path: makeExecutable(name, installed), origin: 'npm' };
}

// The npm packages leave the executable bit to an install script, and install scripts may be switched off.
function makeExecutable(name: ToolName, { path, version }: { path: string; version: string }): string {
  if (isExecutable(path)) return path;
  try {
    chmodSync(path, 0o755);
    return path;
  } catch {
    return executableCopy(name, path, version);
  }
}

function executableCopy(name: ToolName, path: string, version: string): string {
  const folder = userCacheFolder();
  try {
    // By what it holds: npm gives files of all versions one time, and two may be of one size.
    const digest = sha256Bytes(readFileSync(path)).slice(0, 16);
    const copy = join(folder, `${name}-${version.replaceAll(/[^\w.-]/g, '_')}-${digest}`);
    if (isExecutable(copy) && statSync(copy).size === statSync(path).size) return copy;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const temporary = temporaryName(copy);
    copyFileSync(path, temporary);
    chmodSync(temporary, 0o755);
    renameSync(temporary, copy);
    return copy;
  } catch (cause) {
    throw new VideoToolError(
      `video: ${path} must be executable, and could neither be made so nor copied to ${folder}`,
      {
        cause,
        fields: { tool: name, path },
        hint: `run: chmod a+x '${path}'`,
      },
    );
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

async function describeTool(name: ToolName): Promise<ToolInfo> {
  const { path, origin } = findTool(name);
  let output: string;
  try {
    output = (await promisify(execFile)(path, ['-version'], { timeout: 30_000, windowsHide: true })).stdout;
  } catch (cause) {
    throw new VideoToolError(`video: ${path} does not run`, {
      cause,
      fields: { tool: name, path },
      hint: `set ${variables[name]} to a working ${name}`,
    });
  }
  const version = /^\S+ version (\S+)/.exec(output)?.[1] ?? 'unknown';
  const warning =
    avcodecIn(output) >= oldestMaintainedAvcodec
      ? null
      : `${name} ${version} is older than 5.0 and gets no security fixes: ${installAdvice}, or set ${variables[name]}`;
  const year = Number(/Copyright \(c\) (?:\d{4}-)?(\d{4})/.exec(output)?.[1] ?? Number.NaN);
  return { name, path, origin, version, year: Number.isNaN(year) ? null : year, warning };
}

// JavaScript with types in comments: the Nx plugin reads it before anything is built.
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * @typedef {object} Surroundings
 * @property {NodeJS.ProcessEnv} [env] default `process.env`
 * @property {NodeJS.Platform} [platform] default this one
 * @property {string} [home] default the user's home folder
 */

/**
 * The folder where this system keeps what programs can make again: `%LOCALAPPDATA%\primatrix\Cache`,
 * `~/Library/Caches/primatrix`, elsewhere `$XDG_CACHE_HOME/primatrix` or `~/.cache/primatrix`. `PRIMATRIX_CACHE` names
 * another one.
 * @param {Surroundings} [surroundings]
 * @returns {string}
 */
export function userCacheFolder(surroundings = {}) {
  const { env = process.env } = surroundings;
  const own = env['PRIMATRIX_CACHE'];
  return own !== undefined && own !== '' ? own : folderOf('cache', surroundings);
}

/**
 * The folder where this system keeps what a user gave to programs: `%LOCALAPPDATA%\primatrix\Data`,
 * `~/Library/Application Support/primatrix`, elsewhere `$XDG_DATA_HOME/primatrix` or `~/.local/share/primatrix`.
 * @param {Surroundings} [surroundings]
 * @returns {string}
 */
export function userDataFolder(surroundings = {}) {
  return folderOf('data', surroundings);
}

/**
 * @param {'cache' | 'data'} kind
 * @param {Surroundings} surroundings
 */
function folderOf(kind, { env = process.env, platform = process.platform, home = homedir() }) {
  const cache = kind === 'cache';
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local');
    return win32.join(local, 'primatrix', cache ? 'Cache' : 'Data');
  }
  if (platform === 'darwin') {
    return posix.join(home, 'Library', cache ? 'Caches' : 'Application Support', 'primatrix');
  }
  const xdg = env[cache ? 'XDG_CACHE_HOME' : 'XDG_DATA_HOME'];
  return posix.join(xdg || posix.join(home, cache ? '.cache' : '.local/share'), 'primatrix');
}

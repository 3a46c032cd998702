import { describe, expect, it } from 'vitest';
import { userCacheFolder, userDataFolder } from './user-folders.mjs';

describe('folders of the user', () => {
  it.each([
    ['linux', '/home/a', {}, '/home/a/.cache/primatrix', '/home/a/.local/share/primatrix'],
    ['linux', '/home/a', { XDG_CACHE_HOME: '/c', XDG_DATA_HOME: '/d' }, '/c/primatrix', '/d/primatrix'],
    ['linux', '/home/a', { XDG_CACHE_HOME: '' }, '/home/a/.cache/primatrix', '/home/a/.local/share/primatrix'],
    [
      'darwin',
      '/Users/a',
      { XDG_CACHE_HOME: '/c' },
      '/Users/a/Library/Caches/primatrix',
      '/Users/a/Library/Application Support/primatrix',
    ],
    [
      'win32',
      'C:\\Users\\a',
      { LOCALAPPDATA: 'D:\\Local' },
      'D:\\Local\\primatrix\\Cache',
      'D:\\Local\\primatrix\\Data',
    ],
    [
      'win32',
      'C:\\Users\\a',
      {},
      'C:\\Users\\a\\AppData\\Local\\primatrix\\Cache',
      'C:\\Users\\a\\AppData\\Local\\primatrix\\Data',
    ],
  ] as const)('%s keeps them where its programs do: %s %j', (platform, home, env, cache, data) => {
    expect(userCacheFolder({ platform, home, env })).toBe(cache);
    expect(userDataFolder({ platform, home, env })).toBe(data);
  });

  it('can be told another cache', () => {
    expect(userCacheFolder({ env: { PRIMATRIX_CACHE: '/elsewhere' } })).toBe('/elsewhere');
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { temporaryFolder } from '@primatrix/testkit';
import { describe, expect, it } from 'vitest';
import { targets, type Target } from '../targets.ts';
import { checkLibrary } from './check-library.ts';
import { readLibrary } from './read-library.ts';

const onnxruntime = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
const addonFor = ({ platform, arch }: Pick<Target, 'platform' | 'arch'>) =>
  join(onnxruntime, 'bin/napi-v6', platform, arch, 'onnxruntime_binding.node');
const entry = 'napi_register_module_v1';

/** Bytes from texts, numbers of one byte, and numbers of more: `[value, bytes]`, the lowest byte first. */
function pack(...parts: readonly (string | number | Buffer | readonly [number, number])[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'string') return Buffer.from(part, 'latin1');
      if (Buffer.isBuffer(part)) return part;
      const [value, length] = typeof part === 'number' ? [part, 1] : part;
      const bytes = Buffer.alloc(length);
      bytes.writeUIntLE(value, 0, Math.min(length, 6));
      return bytes;
    }),
  );
}

/** Linux, arm64: one line a symbol, `[name, binding * 16 + type, visibility, section]`. */
function elf(symbols: readonly (readonly [string, number, number, number])[]): Buffer {
  const names = symbols.map(([name]) => `${name}\0`);
  const table = symbols.map(([, info, visibility, section], i) =>
    pack([1 + names.slice(0, i).join('').length, 4], info, visibility, [section, 2], [0, 8], [0, 8]),
  );
  const symbolBytes = pack(...table);
  const [first, text] = [64 + 3 * 64, ['\0', ...names].join('')];
  const section = (type: number, at: number, size: number, link: number) =>
    pack([0, 4], [type, 4], [0, 8], [0, 8], [at, 8], [size, 8], [link, 4], [0, 4], [0, 8], [0, 8]);
  return pack(
    pack('\x7fELF', 2, 1, [1, 2], [0, 8], [3, 2], [183, 2], [1, 4], [0, 8], [0, 8], [64, 8]),
    pack([0, 4], [64, 2], [0, 2], [0, 2], [64, 2], [3, 2], [0, 2]),
    section(0, 0, 0, 0),
    section(11, first, symbolBytes.length, 2),
    section(3, first + symbolBytes.length, text.length, 0),
    symbolBytes,
    text,
  );
}

/** macOS, arm64, with a tree of names. */
function machO(tree: Buffer): Buffer {
  const header = pack([0xfeedfacf, 4], [0x0100000c, 4], [0, 4], [6, 4], [2, 4], [24, 4], [0, 8]);
  const uuid = pack([0x1b, 4], [8, 4]);
  const names = pack([0x80000033, 4], [16, 4], [header.length + 24, 4], [tree.length, 4]);
  return pack(header, uuid, names, tree);
}

/** Windows, x64: a section at address 0x1000 that has the names. */
function pe(names: readonly string[], table = 0x1000): Buffer {
  const [addresses, texts] = [0x1000 + 40, names.map((name) => `${name}\0`)];
  const first = addresses + 4 * names.length;
  const places = texts.map((_, i) => [first + texts.slice(0, i).join('').length, 4] as const);
  const directory = pack(Buffer.alloc(24), [names.length, 4], [0, 4], [addresses, 4], [0, 4]);
  const content = pack(directory, ...places, ...texts);
  const optional = pack([0x20b, 2], Buffer.alloc(110), [table, 4], [40, 4]);
  const dos = pack('MZ', Buffer.alloc(58), [64, 4]);
  const header = pack('PE\0\0', [0x8664, 2], [1, 2], Buffer.alloc(12), [optional.length, 2], [0, 2]);
  const start = dos.length + header.length + optional.length + 40;
  const section = pack(Buffer.alloc(8), [content.length, 4], [0x1000, 4], [content.length, 4], [start, 4]);
  return pack(dos, header, optional, section, Buffer.alloc(16), content);
}

describe('readLibrary', () => {
  it.each([...targets, { name: 'win32-arm64', platform: 'win32', arch: 'arm64' } as const])(
    'reads an addon for $name',
    async (target) => {
      const { platform, arch, functions } = await readLibrary(addonFor(target));
      expect({ platform, arch }).toEqual({ platform: target.platform, arch: target.arch });
      expect(functions).toContain(entry);
      // Functions of Node that it calls are not its own.
      expect(functions).not.toContain('napi_create_function');
      expect(functions.every((name) => /^[\w$@?.]+$/.test(name))).toBe(true);
    },
  );

  it.each([
    [
      'Linux: functions that are global or weak, defined, and not hidden',
      elf([
        ['', 0, 0, 0],
        ['global', 0x12, 0, 1],
        ['weak', 0x22, 3, 1],
        ['local', 0x02, 0, 1],
        ['variable', 0x11, 0, 1],
        ['hidden', 0x12, 2, 1],
        ['called', 0x12, 0, 0],
      ]),
      { platform: 'linux', arch: 'arm64', functions: ['global', 'weak'] },
    ],
    [
      'macOS: names whose beginnings are shared',
      machO(pack(0, 1, '_ab\0', 7, 2, 0, 8, 2, 'c\0', 17, 'd\0', 21, 2, 0, 4, 0, 2, 0, 4, 0)),
      { platform: 'darwin', arch: 'arm64', functions: ['abd', 'abc', 'ab'] },
    ],
    ['Windows: names', pe(['one', 'two']), { platform: 'win32', arch: 'x64', functions: ['one', 'two'] }],
    ['Windows: nothing', pe([], 0), { platform: 'win32', arch: 'x64', functions: [] }],
  ])('%s', async (_, bytes, contents) => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('library'), bytes);
    const read = await readLibrary(folder.join('library'));
    expect({ ...read, functions: [...read.functions].sort() }).toEqual({
      ...contents,
      functions: [...contents.functions].sort(),
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('# A text that is longer than the headers of some libraries are, by far and away.\n')],
    ['Linux, 32 bits', Buffer.from(elf([]).fill(1, 4, 5))],
    ['Linux, cut', elf([['global', 0x12, 0, 1]]).subarray(0, -1)],
    ['macOS, names in a circle', machO(pack(0, 1, 'a\0', 0))],
    ['macOS, a command without a size', machO(pack(0, 0)).fill(0, 36, 40)],
    ['Windows, a table that is nowhere', pe(['one'], 0x9000)],
    ['Windows, cut', pe(['one']).subarray(0, -1)],
  ])('refuses %s', async (_, bytes) => {
    await using folder = await temporaryFolder();
    await writeFile(folder.join('library'), bytes);
    await expect(readLibrary(folder.join('library'))).rejects.toMatchObject({ code: 'NATIVE_LIBRARY' });
  });

  it('ends for every cut of a real one', { timeout: 120_000 }, async () => {
    await using folder = await temporaryFolder();
    for (const target of targets) {
      const whole = await readFile(addonFor(target));
      for (let part = 0; part < 16; part++) {
        await writeFile(folder.join('library'), whole.subarray(0, (whole.length * part) / 16));
        const read = await readLibrary(folder.join('library')).then(
          ({ functions }) => (functions.includes(entry) ? 'all is there' : functions),
          (error: { code: string }) => error.code,
        );
        // What lies after the names can be cut off, and nothing of them is lost.
        expect(['NATIVE_LIBRARY', 'all is there']).toContain(read);
      }
    }
  });
});

describe('checkLibrary', () => {
  const [linux, arm] = targets as [Target, Target];

  it('passes what is for the target and offers everything', async () => {
    await expect(checkLibrary(addonFor(linux), linux, [entry])).resolves.toBeUndefined();
  });

  it('names what is missing', async () => {
    const check = checkLibrary(addonFor(linux), linux, ['LGBM_BoosterFree', entry, 'LGBM_DatasetFree']);
    await expect(check).rejects.toThrow(/onnxruntime_binding\.node lacks LGBM_BoosterFree, LGBM_DatasetFree$/);
  });

  it('refuses what is for another processor', async () => {
    await expect(checkLibrary(addonFor(arm), linux, [entry])).rejects.toThrow('is for linux-arm64, not for linux-x64');
  });
});

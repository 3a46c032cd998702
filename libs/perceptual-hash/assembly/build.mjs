/** Compiles `kernel.ts` and writes its bytes into `src/kernel-bytes.ts`: run `npm run kernel. */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const flags = ['--enable', 'simd', '--importMemory', '--noAssert', '--runtime', 'stub', '-O3', '--converge'];
const sources = ['kernel.ts', 'resample.ts', 'grey.ts'];

/** The text of `src/kernel-bytes.ts` for the kernel's sources. */
export async function kernelModule() {
  const texts = new Map(
    await Promise.all(sources.map(async (name) => [name, await readFile(new URL(name, import.meta.url), 'utf8')])),
  );
  let bytes;
  const { error, stderr } = await asc.main(['kernel.ts', ...flags, '--outFile', 'kernel.wasm'], {
    readFile: (name) => texts.get(name) ?? null,
    writeFile: (name, contents) => void (name === 'kernel.wasm' && (bytes = contents)),
    listFiles: () => [],
  });
  if (error) throw new Error(`assembly/kernel.ts does not compile: ${stderr.toString()}`, { cause: error });
  const lines = Buffer.from(bytes).toString('base64').match(/.{1,110}/g);
  return [
    '// Made from assembly/*.ts by assembly/build.mjs (`npm run kernel). Do not edit.',
    '',
    '/** The compiled kernel, base64. */',
    'export const kernelBytes =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(new URL('../src/kernel-bytes.ts', import.meta.url), await kernelModule());
}

/** Compiles `resample.ts` and writes its bytes into `src/resample-kernel.ts`: run `npm run kernel`. */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

const flags = ['--enable', 'simd', '--importMemory', '--noAssert', '--runtime', 'stub', '-O3', '--converge'];

/** The text of `src/resample-kernel.ts` for the kernel's source. */
export async function kernelModule() {
  const source = await readFile(new URL('./resample.ts', import.meta.url), 'utf8');
  let bytes;
  const { error, stderr } = await asc.main(['resample.ts', ...flags, '--outFile', 'resample.wasm'], {
    readFile: (name) => (name === 'resample.ts' ? source : null),
    writeFile: (name, contents) => void (name === 'resample.wasm' && (bytes = contents)),
    listFiles: () => [],
  });
  if (error) throw new Error(`assembly/resample.ts does not compile: ${stderr.toString()}`, { cause: error });
  const lines = Buffer.from(bytes).toString('base64').match(/.{1,110}/g);
  return [
    '// Made from assembly/resample.ts by assembly/build.mjs (`npm run kernel`). Do not edit.',
    '',
    '/** The compiled Lanczos kernel, base64. */',
    'export const resampleKernel =',
    `${lines.map((line) => `  '${line}'`).join(' +\n')};`,
    '',
  ].join('\n');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await writeFile(new URL('../src/resample-kernel.ts', import.meta.url), await kernelModule());
}

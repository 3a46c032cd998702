import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, link, mkdir, readFile, readdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ServiceWatch, startWatchServer } from '@primatrix/services';
import { temporaryFolder, workspaceRoot } from '@primatrix/testkit';
import { ffmpegPath, ffprobePath } from '@primatrix/video';
import { describe, expect, it } from 'vitest';
import { deployable, deployables } from './deployables.ts';
import { makeImageContext } from './image-context.ts';
import type { PackageLock } from './pruned-lock.ts';
import { workspacePackages } from './workspace-package.ts';

const run = promisify(execFile);
const root = workspaceRoot();
const packages = workspacePackages(root);
const infra = new URL('../../../infra/container/', import.meta.url);

/** Files as links to the same bytes, or copies on another disk: they cannot reach the folder that they are of. */
async function copyByLinks(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    // As the Containerfile does with the libraries of other platforms.
    if (entry.name === 'node_modules' || entry.name === 'win32' || entry.name === 'darwin') continue;
    if (entry.isDirectory()) await copyByLinks(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) {
      await link(join(from, entry.name), join(to, entry.name)).catch(() =>
        copyFile(join(from, entry.name), join(to, entry.name)),
      );
    }
  }
}

describe('makeImageContext (needs the build)', () => {
  it('has all that a service needs, and nothing of other families', async () => {
    // Not below the workspace: Node would find there what is missing here.
    await using temporary = await temporaryFolder('primatrix-image-');
    const folder = temporary.join('net-vgg16-gru');
    const item = deployable(packages, 'net-vgg16-gru');
    const foreign = await makeImageContext(root, packages, item, folder);
    const { packages: locked } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as PackageLock;

    // What `npm ci` makes of the lockfile, without a network.
    for (const [from, to] of foreign) {
      if (existsSync(join(root, from))) await copyByLinks(join(root, from), join(folder, to));
    }
    for (const [place, { link: isLink, resolved = '' }] of Object.entries(locked)) {
      if (isLink !== true) continue;
      await mkdir(dirname(join(folder, place)), { recursive: true });
      await symlink(join(folder, resolved), join(folder, place));
    }
    // An image has Debian's, and this machine need not.
    const tools = { FFMPEG_PATH: ffmpegPath(), FFPROBE_PATH: ffprobePath() };
    const cli = async (...args: string[]) =>
      run(process.execPath, [join(folder, 'node_modules/primatrix/bin/primatrix.js'), ...args], {
        cwd: folder,
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NATS_URL: 'nats://127.0.0.1:1', ...tools },
      }).catch((error: { stdout: string; stderr: string }) => error);
    const findings = JSON.parse((await cli('doctor', '--json')).stdout) as {
      what: string;
      says: string;
      state: string;
    }[];
    expect(findings.find(({ what }) => what === 'families')?.says).toBe(`net-vgg16-gru ${item.version}`);
    expect(
      findings.filter(
        ({ what, state }) =>
          ['ffmpeg', 'ffprobe', 'xgboost', 'devices', 'families'].includes(what) && state === 'missing',
      ),
    ).toEqual([]);
    expect((await cli('serve', 'net-vgg16-gru', '--bundle', folder)).stderr).toContain('bundle.json');
    // Tools that npm packages would only need to compile themselves, and those of development, stay out.
    expect(Object.keys(locked).filter((place) => /@ff(mpeg|probe)-installer/.test(place))).toEqual([]);
    expect(
      Object.keys(locked).filter((place) => /node_modules\/(nw-gyp|vitest|nx|typescript|eslint)$/.test(place)),
    ).toEqual([]);
  });

  it('is the same file for every service, and there is one for every family that can be served', () => {
    const services = deployables(packages).map(({ service }) => service);
    expect(services).toEqual(
      expect.arrayContaining([
        'joiner',
        'gateway',
        'video-ingest',
        'image-hash',
        'net-vgg16-gru',
        'stack-lightgbm',
        'ensemble',
      ]),
    );
    expect(services).not.toContain('neighbours');
    expect(() => deployable(packages, 'net-none')).toThrow(/no service 'net-none'/);
    const all = [...packages.values()].flatMap(({ manifest }) =>
      manifest.primatrix === undefined ? [] : [manifest.nx?.name],
    );
    for (const { without, packages: needed, service } of deployables(packages)) {
      const families = needed
        .filter(({ manifest }) => manifest.primatrix !== undefined)
        .map(({ manifest }) => manifest.nx?.name);
      // Whoever asks makes the second level's table: of each clip and those before and after it. A trainer trains all.
      const wanted: Record<string, (string | undefined)[]> = {
        joiner: [],
        gateway: ['neighbours', 'video-ingest'],
        trainer: all,
      };
      expect(families.toSorted()).toEqual((wanted[service] ?? [service]).toSorted());
      expect(needed.some(({ manifest }) => without.has(manifest.name))).toBe(false);
    }
    // What a family is prepared with comes into its own image and a trainer's, and into no other.
    const building = deployables(packages).filter(({ builds }) => builds.length > 0);
    expect(building.map(({ service, builds }) => [service, builds])).toEqual([
      ['trainer', ['g++']],
      ['stack-lightgbm', ['g++']],
    ]);
  });
});

describe('Containerfile', () => {
  it('keeps the rules of small, safe containers', async () => {
    const text = (await readFile(new URL('Containerfile', infra), 'utf8'))
      .replace(/^#.*\n/gm, '')
      .replaceAll(/\\\n\s*/g, ' ');
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const words = lines.map((line) => line.split(/\s+/)[0]);
    const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
    expect(
      words.filter(
        (word) =>
          ![
            'ARG',
            'FROM',
            'WORKDIR',
            'COPY',
            'RUN',
            'ENV',
            'LABEL',
            'USER',
            'STOPSIGNAL',
            'HEALTHCHECK',
            'CMD',
          ].includes(word ?? ''),
      ),
    ).toEqual([]);
    expect(words.filter((word) => word === 'FROM')).toHaveLength(2);
    // Pinned to more than `latest`, and set in one place.
    expect(text).toMatch(/^ARG NODE_IMAGE=node:24-trixie-slim$/m);
    expect(last.some((line) => /apt-get install .* ffmpeg /.test(line))).toBe(true);
    expect(last.find((line) => line.startsWith('LABEL '))).toContain(
      'org.opencontainers.image.licenses="MIT AND GPL-2.0-or-later"',
    );
    expect(last).toContain('USER 1000:1000');
    expect(last.findIndex((line) => line.startsWith('RUN '))).toBeLessThan(last.indexOf('USER 1000:1000'));
    expect(last).toContain('STOPSIGNAL SIGTERM');
    expect(last.filter((line) => line.startsWith('HEALTHCHECK '))).toHaveLength(1);
    // What is installed by apt leaves no lists behind and brings nothing that was not asked for.
    for (const line of lines.filter((each) => each.includes('apt-get install'))) {
      expect(line).toMatch(
        /apt-get update && apt-get install -y --no-install-recommends .*rm -rf \/var\/lib\/apt\/lists/,
      );
    }
    // Compilers and npm's cache stay in the first stage; the process is node itself, in exec form.
    expect(last.some((line) => /npm |g\+\+/.test(line))).toBe(false);
    expect(JSON.parse((last.find((line) => line.startsWith('CMD ')) ?? '').slice(4))).toEqual([
      'sh',
      '-c',
      expect.stringMatching(/^exec node /),
    ]);
    for (const line of last.filter((each) => each.startsWith('COPY '))) expect(line).toContain('--from=install');
  });

  it('has a health check that tells a service that is ready from one that is not, and from none', async () => {
    const watch = new ServiceWatch({ info() {}, warn() {}, error() {} });
    const server = await startWatchServer(watch, { host: '127.0.0.1', port: 0 });
    const { port } = new URL(server.url);
    const check = () =>
      run(process.execPath, [new URL('healthcheck.mjs', infra).pathname], {
        env: { PRIMATRIX_METRICS_PORT: port },
      }).then(
        ({ stdout }) => [0, stdout],
        ({ code, stdout }: { code: number; stdout: string }) => [code, stdout],
      );
    expect(await check()).toEqual([1, expect.stringContaining('"broker"')]);
    watch.follow({ connected: true });
    expect(await check()).toEqual([0, expect.stringContaining('"ready":true')]);
    watch.readiness.drain();
    expect(await check()).toEqual([1, expect.stringContaining('being stopped')]);
    await server[Symbol.asyncDispose]();
    expect(await check()).toEqual([1, expect.stringContaining('nobody answers')]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { treeSeconds } from './process-tree.ts';

const busy = 'const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end);';

it.skipIf(process.platform !== 'linux')(
  'counts children, those that have ended too, but not those left out',
  async () => {
    // A child of a child works, and ends; the child in between waits to be asked.
    const child = spawn(
      process.execPath,
      [
        '-e',
        `require('child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(busy)}]); console.log('done'); process.stdin.resume()`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    try {
      await once(child.stdout, 'data');
      const pid = child.pid ?? 0;
      expect(await treeSeconds(pid)).toBeGreaterThan(0.25);
      const [all, without] = [await treeSeconds(process.pid), await treeSeconds(process.pid, new Set([pid]))];
      expect(all - without).toBeGreaterThan(0.25);
      expect(await treeSeconds(2 ** 22 + 1)).toBe(0);
    } finally {
      child.stdin.end();
      await once(child, 'exit');
    }
  },
);

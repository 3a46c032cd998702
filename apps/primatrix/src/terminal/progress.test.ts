import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';

function recorder() {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (text: string) => lines.push(text) > 0 } as unknown as NodeJS.WriteStream;
  return { lines, stream };
}

describe('Progress', () => {
  it('estimates the time left from the work done now, not from what was found done', () => {
    const { lines, stream } = recorder();
    let now = 0;
    const progress = new Progress('train', stream, () => now);
    progress.update(0.5);
    now = 20_000;
    progress.update(0.75, 'fold 3');
    expect(lines[1]).toContain('75 %');
    // A quarter took 20 s, so the last quarter takes 20 s more.
    expect(lines[1]).toContain('20 s left');
  });

  it('writes few lines where there is no terminal', () => {
    const { lines, stream } = recorder();
    let now = 0;
    const progress = new Progress('hash', stream, () => now);
    for (let i = 0; i < 100; i++) {
      now += 100;
      progress.update(i / 100);
    }
    progress.finish('done');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('done  (10 s)\n');
  });
});

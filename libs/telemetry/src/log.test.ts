import { describe, expect, it } from 'vitest';
import { jsonLog, textLog, type Log } from './log.ts';

const written = (make: (write: (line: string) => void) => Log, tell: (log: Log) => void): string[] => {
  const lines: string[] = [];
  tell(make((line) => lines.push(line)));
  return lines;
};
const json = (write: (line: string) => void) => jsonLog(write, () => new Date(0));

describe('jsonLog', () => {
  it('writes one object a line, whatever is in it', () => {
    const [line, ...more] = written(json, (log) =>
      log.warn('two\nlines', { clipId: 'a', ms: 1.5, traceId: undefined, reason: null, odd: '\u2028"' }),
    );
    expect(more).toEqual([]);
    expect(line?.indexOf('\n')).toBe((line?.length ?? 0) - 1);
    expect(JSON.parse(line ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      message: 'two\nlines',
      clipId: 'a',
      ms: 1.5,
      odd: '\u2028"',
    });
  });
});

describe('textLog', () => {
  it('writes lines for people, with short digests', () => {
    const lines = written(textLog, (log) => {
      log.info('serving a, b');
      log.error('given up', { clip: 'f'.repeat(64), reason: 'no frames', ms: 3 });
    });
    expect(lines).toEqual(['serving a, b\n', 'error: given up  clip=ffffffffffff reason="no frames" ms=3\n']);
  });
});

describe.each([
  ['jsonLog', json],
  ['textLog', textLog],
])('%s', (_, make) => {
  it('leaves passwords out of messages and fields', () => {
    const secrets = [
      'nats://user:hunter2@host:4222',
      's3+https://key:hunter2%40x@host/b',
      'NATS at tls://hunter2@h refuses',
      'nats://u:a@hunter2@host',
    ];
    const text = written(make, (log) => {
      for (const secret of secrets) {
        log.info(`connecting to ${secret}`);
        log.error('failed', { reason: `'${secret}' is away` });
      }
    }).join('');
    expect(text).not.toContain('hunter2');
    expect(text.match(/host/g)).toHaveLength(6);
    expect(written(make, (log) => log.info('mail x@y.org, file:///a@b/c')).join('')).toContain(
      'mail x@y.org, file:///a@b/c',
    );
  });
});

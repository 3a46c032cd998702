import { expect, it } from 'vitest';
import { firstLevelRecord, firstLevelRecordSchema } from './first-level-record.ts';

const outcome = { status: 'ok', fault: null, reason: '', framesDecoded: 1, framesExpected: 1 } as const;
const metadata = {
  ...{ file: 'a.mp4', bytes: 1, sha256: '', container: 'mp4', videoCodec: 'h264', width: 1, height: 1, fps: 1 },
  ...{ frames: 1, durationSeconds: 1, audio: null },
};

it.each([
  ['the file', '2016-03-01T10:00:00Z', '2016-03-02T10:00:00', '2016-03-01T10:00:00Z'],
  ['the name, where the file has only a day', '2016-03-01', '2016-03-02T10:00:00', '2016-03-02T10:00:00'],
  ['the file, where both have only a day', '2016-03-01', '2016-03-02', '2016-03-01'],
  ['the name, where the file says nothing', null, '2016-03-02', '2016-03-02'],
  ['neither', null, undefined, null],
])('takes the time of %s', (_, capturedAt, namedAt, expected) => {
  const file = { filename: 'a.mp4', path: 'a.mp4', ...(namedAt === undefined ? {} : { namedAt }) };
  const record = firstLevelRecord(file, { outcome, metadata: { ...metadata, capturedAt }, modifiedAt: null });
  expect(record.capturedAt).toBe(expected);
  const stated = { ...file, capturedAt: new Date('2014-01-01T00:00:00Z') };
  expect(firstLevelRecord(stated, { outcome, metadata: null, modifiedAt: null }).capturedAt).toBe(
    '2014-01-01T00:00:00.000Z',
  );
});

it('says what puts a clip before and after others only where that was asked', () => {
  const of = (orderedAt: Date | null | undefined) =>
    firstLevelRecord(
      { filename: 'a', path: 'a', ...(orderedAt === undefined ? {} : { orderedAt }) },
      { outcome, metadata: null, modifiedAt: null },
    );
  expect(of(undefined)).not.toHaveProperty('orderedAt');
  expect(of(null).orderedAt).toBeNull();
  const asked = of(new Date(0));
  expect(firstLevelRecordSchema.parse(JSON.parse(JSON.stringify(asked))).orderedAt).toBe('1970-01-01T00:00:00.000Z');
});

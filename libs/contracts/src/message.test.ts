import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  deadLetterSchema,
  deadLetterSubject,
  everyDeadLetter,
  everySubject,
  filterOf,
  messageSchema,
  parseSubject,
  releaseOf,
  stages,
  subjectOf,
} from './index.ts';
import type { Message, Stage } from './index.ts';

const folder = new URL('../golden/', import.meta.url);
const golden = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const messages = readdirSync(folder).filter((name) => name.startsWith('message-v1'));
const ready = golden('message-v1-ready.json') as Message;

describe('messages of version 1', () => {
  it.each(messages)('still reads %s, unknown members included', (name) => {
    const message = golden(name);
    expect(messageSchema.parse(message)).toEqual(message);
    expect(parseSubject(subjectOf(message as Message))).toBeDefined();
  });

  it('still reads a dead letter', () => {
    const letter = golden('dead-letter-v1.json');
    expect(deadLetterSchema.parse(letter)).toEqual(letter);
  });

  const tensor = ready.payload.tensors['data'];
  it.each<[string, object, string]>([
    ['another version', { schemaVersion: 2 }, 'schemaVersion'],
    ['an id that is no digest', { id: 'abc' }, 'id'],
    ['an unknown stage', { stage: 'dead' }, 'stage'],
    ['a family that would split the subject', { family: 'vgg16.x' }, 'family'],
    ['a clip id that is no digest', { clipId: 'clip-1' }, 'clipId'],
    ['a missing producer', { producer: undefined }, 'producer'],
    ['a version that is none', { producer: { ...ready.producer, version: '1.4' } }, 'producer.version'],
    [
      'a reference elsewhere',
      { payload: { ...ready.payload, tensors: { data: { ...tensor, uri: 'http://x' } } } },
      'payload.tensors.data.uri',
    ],
    ['negative time', { timings: { inferMs: -1 } }, 'timings.inferMs'],
    ['a failure that says ready', { failure: { code: 'X', message: '' } }, 'failure'],
    ['a release of what is done', { release: '1_0_0-abc' }, 'release'],
    ['a failure without a reason', { event: 'failed' }, 'failure'],
  ])('refuses %s', (_, change, path) => {
    const result = messageSchema.safeParse({ ...ready, ...change });
    expect(result.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });
});

describe('subjects', () => {
  it('are made and read by one rule', () => {
    const parts = { stage: 'features', family: 'vgg16', event: 'ready' } as const;
    expect(subjectOf(parts)).toBe('primatrix.v1.features.vgg16.ready');
    for (const stage of stages) expect(parseSubject(subjectOf({ ...parts, stage }))).toEqual({ ...parts, stage });
  });

  it('refuse parts that are none, wildcards too', () => {
    const bad = [
      { stage: 'dead' as Stage },
      { stage: '*' as Stage },
      { family: '*' },
      { family: 'a.b' },
      { family: 'A' },
      { family: '' },
    ];
    for (const change of bad) {
      expect(() => subjectOf({ stage: 'features', family: 'x', event: 'ready', ...change })).toThrow(
        expect.objectContaining({ code: 'SUBJECT' }),
      );
    }
    for (const text of [
      '',
      'primatrix.v1',
      'primatrix.v2.features.x.ready',
      'primatrix.v1.features.x.ready.y',
      'primatrix.v1.features.x.begun',
    ]) {
      expect(parseSubject(text)).toBeUndefined();
    }
  });

  it('let a filter leave stage and family open', () => {
    expect(filterOf({ stage: '*', family: '*', event: 'failed' })).toBe('primatrix.v1.*.*.failed');
    expect(() => filterOf({ stage: '*', family: '>', event: 'failed' })).toThrow('family');
  });

  it('name the release that shall do the work, and no other kind of message does', () => {
    const release = releaseOf('1.4.0-rc.1+b', 'abcdef0123456789');
    const parts = { stage: 'nets', family: 'vgg16-gru', event: 'requested', release } as const;
    expect(subjectOf(parts)).toBe('primatrix.v1.nets.vgg16-gru.requested.1_4_0-rc_1_b-abcdef012345');
    expect(parseSubject(subjectOf(parts))).toEqual(parts);
    expect(() => subjectOf({ ...parts, event: 'ready' })).toThrow('release');
    expect(() => subjectOf({ ...parts, release: 'a.b' })).toThrow('release');
    expect(parseSubject('primatrix.v1.nets.vgg16-gru.ready.x')).toBeUndefined();
  });

  it('never lie in two streams', () => {
    const all = [
      ...everySubject('requested'),
      ...everySubject('ready'),
      ...everySubject('failed'),
      ...everyDeadLetter,
    ].map((filter) => filter.split('.'));
    const meet = (a: string[], b: string[]) =>
      a.length === b.length && a.every((token, i) => token === '*' || b[i] === '*' || token === b[i]);
    const overlaps = all.flatMap((a, i) =>
      all
        .slice(i + 1)
        .filter((b) => meet(a, b))
        .map((b) => `${a.join('.')} ${b.join('.')}`),
    );
    expect(overlaps).toEqual([]);
  });

  it('keep dead letters apart', () => {
    expect(deadLetterSubject('primatrix.v1.nets.vgg16-gru.requested')).toBe(
      'primatrix.v1.dead.nets.vgg16-gru.requested',
    );
    expect(() => deadLetterSubject('other')).toThrow(expect.objectContaining({ code: 'SUBJECT' }));
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupEvents } from './events.ts';

const minute = 60_000;
const clips = fc.array(
  fc
    .record({
      site: fc.constantFrom('a', 'b', null),
      minute: fc.oneof(fc.nat(300), fc.constant(Number.NaN)),
      minutes: fc.nat(20),
    })
    .map(({ site, minute: at, minutes }) => ({ site, start: at * minute, end: (at + minutes) * minute })),
  { maxLength: 30 },
);

it('puts every clip into one event, of its site alone, without a longer pause inside and with one between', () => {
  fc.assert(
    fc.property(clips, fc.nat(60), (given, gap) => {
      const events = groupEvents(given, gap);
      expect(new Set(events.flatMap((event) => event.clips))).toEqual(new Set(given));
      expect(events.flatMap((event) => event.clips)).toHaveLength(given.length);
      for (const { clips: inside, start, end } of events) {
        expect(new Set(inside.map(({ site }) => site)).size).toBe(1);
        expect(start).toBe(inside[0].start);
        expect(end).toBe(Math.max(...inside.map((clip) => clip.end)));
        let ended = -Infinity;
        for (const [i, clip] of inside.entries()) {
          if (i > 0) expect(clip.start - ended).toBeLessThanOrEqual(gap * minute);
          ended = Math.max(ended, clip.end);
        }
      }
      for (const site of ['a', 'b']) {
        const inOrder = events
          .filter((event) => event.clips[0].site === site && !Number.isNaN(event.start))
          .sort((a, b) => a.start - b.start);
        for (const [i, { start }] of inOrder.entries()) {
          const before = Math.max(...inOrder.slice(0, i).map(({ end }) => end));
          if (i > 0) expect(start - before).toBeGreaterThan(gap * minute);
        }
      }
    }),
  );
});

it('leaves a clip alone whose site or time nobody knows', () => {
  const unknown = [
    { site: null, start: 0, end: 0 },
    { site: null, start: 0, end: 0 },
    { site: 'a', start: Number.NaN, end: Number.NaN },
    { site: 'a', start: Number.NaN, end: Number.NaN },
  ];
  expect(groupEvents(unknown)).toHaveLength(4);
});

it('says the same whatever order the clips come in', () => {
  const sets = (events: readonly { readonly clips: readonly object[] }[]) =>
    new Set(
      events.map((event) =>
        event.clips
          .map((clip) => JSON.stringify(clip))
          .sort()
          .join(),
      ),
    );
  fc.assert(
    fc.property(clips, fc.nat(60), (given, gap) => {
      expect(sets(groupEvents([...given].reverse(), gap))).toEqual(sets(groupEvents(given, gap)));
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EventsByTime } from './events-by-time.ts';

it('finds the events that a look at all of them finds', () => {
  const event = fc
    .record({ start: fc.nat(30), length: fc.nat(12), name: fc.constantFrom('a', 'b', 'c') })
    .map(({ start, length, name }) => ({ start, end: start + length, name }));
  fc.assert(
    fc.property(fc.array(event, { maxLength: 12 }), fc.nat(45), (events, moment) => {
      expect(new EventsByTime(events).namesAt(moment)).toEqual(
        new Set(events.filter(({ start, end }) => start <= moment && moment <= end).map(({ name }) => name)),
      );
    }),
  );
});

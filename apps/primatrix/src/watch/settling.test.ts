import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Settling } from './settling.ts';

const patience = { settleMs: 10, giveUpMs: 100 };
const probed = (bytes: number, complete = true) => Promise.resolve({ bytes, modifiedMs: bytes, complete });
const file = (path: string, bytes: number, modifiedMs = bytes) => ({ path, bytes, modifiedMs, identity: path });

it('takes a file once it has stayed as it is for long enough, and its container ends', async () => {
  let complete = false;
  const settling = new Settling(patience, () => probed(9, complete));
  const look = async (bytes: number, now: number) => (await settling.look([file('a', bytes)], now)).length;
  expect(await look(5, 0)).toBe(0);
  expect(await look(9, 8)).toBe(0);
  expect(await look(9, 17)).toBe(0);
  expect(await look(9, 18)).toBe(0);
  complete = true;
  expect(await look(9, 19)).toBe(1);
});

it('takes what is damaged once it is clear that nobody goes on with it', async () => {
  const settling = new Settling(patience, () => Promise.reject(new Error('locked')));
  expect(await settling.look([file('a', 5)], 0)).toEqual([]);
  expect(await settling.look([file('a', 5)], 99)).toEqual([]);
  expect(await settling.look([file('a', 5)], 100)).toHaveLength(1);
});

it('leaves a file alone that was written to between the listing and the look into it', async () => {
  const settling = new Settling(patience, () => probed(7));
  expect(await settling.look([file('a', 5)], 0)).toEqual([]);
  expect(await settling.look([file('a', 5)], 50)).toEqual([]);
  expect(await settling.look([file('a', 7)], 60)).toEqual([]);
  expect(await settling.look([file('a', 7)], 70)).toHaveLength(1);
});

it('an empty file is none yet, and one that is renamed begins anew', async () => {
  const settling = new Settling(patience, () => probed(4));
  expect(await settling.look([file('a', 0), file('b', 4)], 0)).toEqual([]);
  expect(await settling.look([file('a', 0), file('c', 4)], 50)).toEqual([]);
  expect(settling.waiting).toBe(2);
  expect(await settling.look([file('c', 4)], 60)).toHaveLength(1);
});

it('never takes a file that was written to within the time, however looks and writes fall', async () => {
  const steps = fc.array(fc.record({ wait: fc.nat(15), grows: fc.boolean() }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const settling = new Settling(patience, () => probed(bytes));
      let [now, bytes, written] = [0, 1, 0];
      for (const { wait, grows } of all) {
        now += wait;
        if (grows) [bytes, written] = [bytes + 1, now];
        const taken = await settling.look([file('a', bytes)], now);
        if (taken.length > 0) expect(now - written).toBeGreaterThanOrEqual(patience.settleMs);
      }
    }),
  );
});

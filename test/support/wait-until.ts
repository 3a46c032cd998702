import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until a condition holds; fails after a minute, or at once when `meanwhile` settles first. */
export async function waitUntil(
  what: string,
  condition: () => Promise<boolean>,
  meanwhile?: Promise<unknown>,
): Promise<void> {
  let over = false;
  void meanwhile?.finally(() => (over = true));
  for (let tries = 0; tries < 12_000; tries++) {
    if (await condition()) return;
    if (over) throw new Error(`the process ended before ${what}`);
    await sleep(5);
  }
  throw new Error(`nothing came of ${what} in a minute`);
}

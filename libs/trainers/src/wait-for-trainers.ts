import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '@primatrix/contracts';
import { announcedServices, type JetStreamBus } from '@primatrix/messaging';
import { trainerFamily } from './trainer-part.ts';

const lookMs = 1_000;

/** How many trainers of a release answer now, and how many of others. */
export async function countTrainers(
  { connection }: JetStreamBus,
  release: string,
): Promise<{ readonly own: number; readonly others: number }> {
  // Of all services: clients may ask for no single one.
  const found = (await announcedServices(connection)).filter(({ name }) => name === trainerFamily);
  const own = found.filter(({ metadata }) => metadata['release'] === release).length;
  return { own, others: found.length - own };
}

/**
 * Waits until a trainer answers.
 * @param say told once that it waits
 * @throws UsageError TRAINER_NONE when the time is over; the signal's reason
 */
export async function waitForTrainers(
  bus: JetStreamBus,
  release: string,
  {
    waitSeconds,
    say,
    signal,
  }: { readonly waitSeconds: number; readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const end = performance.now() + 1_000 * waitSeconds;
  for (let told = false; ; told = true) {
    const { own, others } = await countTrainers(bus, release);
    if (own > 0) return;
    if (performance.now() >= end) {
      throw new UsageError(
        'TRAINER_NONE',
        others === 0
          ? `train: no trainer answers within ${waitSeconds} s`
          : `train: no trainer of these versions answers within ${waitSeconds} s, ${others} of other versions do`,
        {
          hint:
            others === 0
              ? 'on each machine start: primatrix serve trainer --shared <folder that holds dataset and artifacts>; with the same NATS_URL'
              : 'install the same version of Primatrix on all machines',
          fields: { release, others },
        },
      );
    }
    if (!told) say(`waiting for a trainer: none answers; trying for ${waitSeconds} s`);
    await sleep(lookMs, undefined, { signal });
  }
}

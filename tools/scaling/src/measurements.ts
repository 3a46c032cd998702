import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { profiles, stages, UsageError, type Profile } from '@primatrix/contracts';
import { z } from 'zod';

const amount = z.number().nonnegative();

/** One piece of work of one clip. */
const pieceSchema = z.object({
  /** By the clock, alone on the machine. */
  seconds: amount,
  /** Of processors, ffmpeg included. */
  cpuSeconds: amount,
  /** Of tensors read from the store and written to it. */
  readBytes: amount,
  writtenBytes: amount,
});

const partSchema = z.object({
  name: z.string(),
  family: z.string(),
  stage: z.enum(stages),
  /** Of nets: the feature that it reads. */
  reads: z.string().nullable(),
  /** How often each piece of work was done; the fastest counts, as other programs may have run beside it. */
  rounds: z.int().positive(),
  /** One a clip, in the clips' order; null where the clip lacks what the part goes by. */
  pieces: z.array(pieceSchema.nullable()),
});

const secondLevelSchema = z.object({
  name: z.string(),
  family: z.string(),
  stage: z.enum(stages),
  rows: z.int().positive(),
  pieces: z.array(pieceSchema).min(1),
});

const trafficSchema = z.object({ messages: amount, bytes: amount });

const exchangeSchema = z.object({
  /** Parts of the first level that were asked. */
  parts: z.int().positive(),
  clips: z.int().positive(),
  /** Processor seconds a clip. */
  brokerCpuSeconds: amount,
  joinerCpuSeconds: amount,
  /** The broker's, where the joiners of so many other bundles hear the announcements too. */
  otherBundles: z.object({ ears: z.int().positive(), brokerCpuSeconds: amount }),
  /** Messages on the broker, a clip, by kind; `replies` are its and the joiner's answers to requests. */
  traffic: z.record(z.string(), trafficSchema),
});

/**
 * What {@link measure} writes: seconds of processor time, bytes and megabytes of each piece of work, and the machine
 * that they were measured on.
 */
export const measurementsSchema = z.object({
  schema: z.literal(1),
  profile: z.enum(profiles),
  /** Whether the weights are drawn at random: these are costs, and no predictions. */
  untrained: z.boolean(),
  machine: z.object({
    cores: z.int().positive(),
    processor: z.string(),
    memoryGB: amount,
    node: z.string(),
    broker: z.string(),
    load: amount,
  }),
  /** Of the numeric engine, in each worker. */
  threads: z.int().positive(),
  clips: z
    .array(
      z.object({
        seconds: amount,
        frames: z.int(),
        width: z.int().nullable(),
        height: z.int().nullable(),
        bytes: z.int(),
      }),
    )
    .min(1),
  parts: z.array(partSchema).min(1),
  /** All feature families in one process, which decodes a clip once; absent where that was not measured. */
  together: partSchema.optional(),
  secondLevel: z.array(secondLevelSchema),
  exchange: exchangeSchema,
  /** Small messages a second, published, handed out and acknowledged by one client. */
  bus: z.object({ messagesPerSecond: amount, messageBytes: amount }),
});

/** What a clip costs in each family of a bundle; JSON. */
export type Measurements = z.infer<typeof measurementsSchema>;
export type Piece = z.infer<typeof pieceSchema>;
export type MeasuredPart = z.infer<typeof partSchema>;
export type Exchange = z.infer<typeof exchangeSchema>;

/**
 * Reads what `measure` wrote.
 * @throws UsageError MEASUREMENTS where the file is not one
 */
export async function readMeasurements(path: string): Promise<Measurements> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError('MEASUREMENTS', `scaling: there is no file ${path}`, {
      cause,
      hint: 'make one with `measure`, or leave --measurements out',
    });
  });
  try {
    return measurementsSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(
      'MEASUREMENTS',
      `scaling: ${path} must be what \`measure\` wrote: ${cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message}`,
      { cause },
    );
  }
}

/** The committed measurements of a profile. */
export function measurementsOf(profile: Profile): Promise<Measurements> {
  return readMeasurements(fileURLToPath(new URL(`../measurements/${profile}.json`, import.meta.url)));
}

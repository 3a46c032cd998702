import { z } from 'zod';
import { reviewerSchema } from './review.ts';

/** Where a time came from that neither a table nor the file's own data states. */
export const timeOrigins = ['stamp', 'file-date'] as const;
/** One of {@link timeOrigins}: the stamp burned into the picture, or the date of the file. */
export type TimeOrigin = (typeof timeOrigins)[number];

/** WGS84, decimal degrees. */
export const coordinatesSchema = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});
/** What {@link coordinatesSchema} reads: WGS84, decimal degrees. */
export type SiteCoordinates = z.infer<typeof coordinatesSchema>;

/** A deployment: the clips of one site. */
export const deploymentSchema = z.object({
  /** Null: clips of no known site. */
  site: z.string().nullable(),
  clips: z.int(),
  /** Of its clips, as the cameras' clocks have it: `YYYY-MM-DDTHH:MM:SS`; null where no time is known. */
  first: z.string().nullable(),
  last: z.string().nullable(),
  /** Where most of its clips were taken; null where nobody said. */
  coordinates: coordinatesSchema.nullable(),
  /** Whether its clips have several places. */
  severalPlaces: z.boolean(),
  /** Of the camera's clock, as it was said: `+02:00`, `Africa/Kinshasa`; null where nobody did. */
  zone: z.string().nullable(),
  /** Whether files claim UTC and mean the clock of the place. */
  localClock: z.boolean(),
  /** Clips without a time. */
  timeless: z.int(),
  /** Clips whose time is the file's date alone, and clips whose time is a stamp's. */
  fromFileDate: z.int(),
  fromStamp: z.int(),
});
/** What {@link deploymentSchema} reads: the clips of one site, when and where. */
export type Deployment = z.infer<typeof deploymentSchema>;

const site = z.string().trim().min(1).max(200);
const longestShift = 100 * 366 * 86_400;

/** What is said of a whole deployment. */
export const deploymentChangeSchema = z.discriminatedUnion('does', [
  /** Another name; of a site that is there: both become one. */
  z.strictObject({ does: z.literal('rename'), to: site }),
  z.strictObject({ does: z.literal('place'), coordinates: coordinatesSchema.nullable() }),
  /** Of the camera's clock; `localClock`: files claim UTC and mean the clock of the place, as most MP4. */
  z.strictObject({
    does: z.literal('zone'),
    zone: z.string().trim().min(1).max(64).nullable(),
    localClock: z.boolean().default(false),
  }),
  /** The clock was wrong: seconds to add to each time. */
  z.strictObject({ does: z.literal('clock'), seconds: z.int().min(-longestShift).max(longestShift) }),
  /** Clips without a time get the date of their file, marked as such. */
  z.strictObject({ does: z.literal('file-dates') }),
  /** Times that stamps show; by clip. */
  z.strictObject({
    does: z.literal('stamps'),
    times: z.array(z.strictObject({ id: z.string(), capturedAt: z.string().max(40) })).max(200_000),
  }),
]);
/** What {@link deploymentChangeSchema} reads: what is said of a whole deployment. */
export type DeploymentChange = z.infer<typeof deploymentChangeSchema>;

/** A change of a deployment, or a look at what it would do. */
export const deploymentInputSchema = reviewerSchema.extend({
  /** Null: the clips of no known site. */
  site: z.string().nullable(),
  change: deploymentChangeSchema,
  /** Only says what it would do. */
  preview: z.boolean().default(false),
});
/** What {@link deploymentInputSchema} reads. */
export type DeploymentInput = z.input<typeof deploymentInputSchema>;

/** What a change does, or would. */
export const deploymentChangedSchema = z.object({
  /** For an undo; null where it was a look, or nothing changed. */
  act: z.string().nullable(),
  changed: z.int(),
  /** Clips that stay as they are: no time to shift, no file to ask. */
  passed: z.int(),
  /** Whether the site is there already that a site is to be called. */
  merges: z.boolean(),
  /** The first, the last and some between, in order of time, as the clocks had it and will. */
  examples: z.array(z.object({ filename: z.string(), before: z.string().nullable(), after: z.string().nullable() })),
});
/** What {@link deploymentChangedSchema} reads: what a change does. */
export type DeploymentChanged = z.infer<typeof deploymentChangedSchema>;

/** What stamps burned into the pictures of a deployment say; nothing is changed by it. */
export const stampProposalsSchema = z.object({
  /** None: nobody asked; reading: not done yet; done; stopped: `trouble` says why. */
  state: z.enum(['none', 'reading', 'done', 'stopped']),
  site: z.string().nullable(),
  done: z.int(),
  of: z.int(),
  trouble: z.string().nullable(),
  proposals: z.array(
    z.object({
      id: z.string(),
      filename: z.string(),
      /** By the camera's clock; null where none can be told. */
      stamp: z.string().nullable(),
      /** As it is known now, by the camera's clock. */
      now: z.string().nullable(),
      camera: z.string().nullable(),
      temperature: z.string().nullable(),
    }),
  ),
});
/** What {@link stampProposalsSchema} reads: what stamps of a deployment say. */
export type StampProposals = z.infer<typeof stampProposalsSchema>;

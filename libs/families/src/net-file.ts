import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { jsonOf, profiles, UsageError, type Profile } from '@primatrix/contracts';
import { digestOf } from '@primatrix/files';
import { layerSpecSchema, trainSettingsSchema, withShapes, type NetSpec, type TrainSettings } from '@primatrix/nets';
import { z } from 'zod';
import { netFits, type NetFamily, type NetSettings } from './net-family.ts';

/** A file that should be a net is none, or lacks what is asked of it. The message names the file and the place in it. */
export class NetFileError extends UsageError {}

/** Of packages, folders of artifacts and subjects: a plain word. */
const namePattern = /^[a-z][a-z0-9-]*$/;
const count = z.int().positive();

const profileSchema = z
  .strictObject({
    /** Why its figures are what they are. */
    why: z.string().optional(),
    /** What it is called in messages and model files; default: as the family. */
    name: z.string().min(1).optional(),
    crop: z.array(count).min(1),
    crops: z.union([count, z.array(count)]),
    padding: z.enum(['repeat', 'zero']).optional(),
    featureSettings: z.record(z.string(), z.json()).optional(),
    train: trainSettingsSchema.optional(),
    /** Instead: fitted in one go. */
    fit: z.enum(netFits).optional(),
    /** All but the output layer, which is the same in every net. */
    layers: z.array(layerSpecSchema).min(1),
    /** Weights that it has with 24 classes: a fact for people, which tests check. */
    parameters: count.optional(),
  })
  .refine(({ train, fit }) => (train === undefined) !== (fit === undefined), {
    error: 'must have train or fit, one of them',
  });

const netFileSchema = z
  .strictObject({
    $schema: z.string().optional(),
    /** Of a file of its own; a package has its name in package.json. Default: the file's name. */
    name: z.string().regex(namePattern).optional(),
    summary: z.string().min(1),
    /** The features that it reads. */
    reads: z.string().min(1),
    /** Profiles whose training includes it without being asked. Default: none. */
    profiles: z.array(z.enum(profiles)).optional(),
    /** It is also trained over the vectors of each model that a training is given. */
    overModels: z.boolean().optional(),
    laptop: profileSchema.optional(),
    competition: profileSchema.optional(),
  })
  .refine((file) => profiles.some((profile) => file[profile] !== undefined), {
    message: `must have ${profiles.join(' or ')}, or both`,
  })
  .refine((file) => (file.profiles ?? []).every((profile) => file[profile] !== undefined), {
    path: ['profiles'],
    message: 'must be profiles that the file has',
  });

/** What a `net.json` holds, as it is written. */
export type NetFile = z.input<typeof netFileSchema>;

/**
 * Reads a `net.json`.
 * @throws NetFileError `NET_FILE` where it cannot be read, is no JSON, or holds something that is not known
 */
export function readNetFile(path: string): NetFile {
  let json: unknown;
  try {
    json = jsonOf(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw wrongFile(path, `cannot be read: ${(cause as Error).message}`, { cause });
  }
  const { success, error } = netFileSchema.safeParse(json);
  if (!success) {
    const faults = error.issues.map((issue) =>
      [z.core.toDotPath(issue.path), issue.message].filter(Boolean).join(': '),
    );
    throw wrongFile(path, faults.join('; '), { cause: error });
  }
  // Not what was parsed: that has every default filled in, and cache keys are of what is written.
  return json as NetFile;
}

/**
 * The net of a package.
 * @param name the package's, with or without a scope
 * @param path of its net.json
 * @throws NetFileError
 */
export function netOfPackage({ name, version }: { name: string; version: string }, path: string): NetFamily {
  const file = readNetFile(path);
  if (file.name !== undefined) throw wrongFile(path, "name: it is in the package's package.json");
  return netFamily({ name: name.replace(/^@[^/]+\//, ''), version }, file, path);
}

/**
 * The net of a file of its own. Its version follows from what it computes, so that nothing is taken for a result of an
 * earlier state of the file.
 * @throws NetFileError
 */
export function netOfFile(path: string): NetFamily {
  const file = readNetFile(path);
  const name = file.name ?? basename(path, '.json');
  if (!namePattern.test(name)) {
    throw wrongFile(path, `name: must be given, as the file is called '${basename(path)}': a-z, 0-9 and - alone`);
  }
  // What is undefined is no part of a digest.
  const computed = profiles.map((profile) => ({ ...file[profile], why: undefined, parameters: undefined }));
  const digest = digestOf({ reads: file.reads, computed });
  return netFamily({ name, version: `0.0.0+${digest.slice(0, 12)}` }, file, path);
}

function netFamily({ name, version }: { name: string; version: string }, file: NetFile, path: string): NetFamily {
  const own = (profile: Profile) => {
    const found = file[profile];
    if (found !== undefined) return found;
    throw new NetFileError('NET_PROFILE', `families: ${path}: ${name} has no settings for the profile ${profile}`, {
      hint: `train it with --profile ${profiles.find((other) => file[other] !== undefined)}`,
    });
  };
  const settings = (profile: Profile): NetSettings => {
    const { crop, crops, padding, featureSettings, train, fit } = own(profile);
    const reading = {
      feature: file.reads,
      crop,
      crops,
      ...(padding === undefined ? {} : { padding }),
      ...(featureSettings === undefined ? {} : { featureSettings }),
    };
    if (fit !== undefined) return { ...reading, fit };
    return { ...reading, train: train as TrainSettings };
  };
  return {
    kind: 'nets',
    name,
    version,
    summary: file.summary,
    profiles: file.profiles ?? [],
    ...(file.overModels === undefined ? {} : { overModels: file.overModels }),
    // Asked of a profile that the file lacks, it says so.
    settings: Object.defineProperties({} as Record<Profile, NetSettings>, {
      laptop: { enumerable: file.laptop !== undefined, get: () => settings('laptop') },
      competition: { enumerable: file.competition !== undefined, get: () => settings('competition') },
    }),
    build({ input, classes, profile }) {
      const { name: called = name, layers } = own(profile);
      const outputs = { type: 'Dense', units: classes, activation: 'sigmoid' } as const;
      return withShapes({ name: called, input: [...input], layers: [...layers, outputs] } satisfies NetSpec);
    },
  };
}

function wrongFile(path: string, what: string, options: ErrorOptions = {}): NetFileError {
  return new NetFileError('NET_FILE', `families: ${path}: ${what}`, {
    ...options,
    fields: { file: path },
    hint: 'docs/add-a-net.md shows a whole file; libs/nets/README.md lists layers and what they are given',
  });
}

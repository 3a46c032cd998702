import { resolve } from 'node:path';
import {
  builtInTaxa,
  findSettings,
  parseNamePattern,
  parseTimeZone,
  readClipOrigins,
  readPackageProperties,
  readTaxa,
  type ClipOriginRow,
  type ClipRecord,
  type PackageProperties,
  type PredictedClip,
  type SettingSources,
  type TaxonTable,
  type TimeZone,
} from '@primatrix/exchange';
import { packageOf } from '@primatrix/files';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { Progress } from '../terminal/progress.ts';

const { version } = packageOf(import.meta.url);

/** What writes files in other tools' formats. */
export const software = { title: 'Primatrix', version };

/** Options that say where, when and what clips are, for formats of other tools. */
export interface ExchangeOptions {
  readonly sites?: string;
  readonly taxa?: string;
  readonly package?: string;
  readonly threshold?: number;
  readonly timeZone?: string;
  readonly namePattern?: string;
  readonly localClock?: true;
}

/** The tables and settings behind {@link ExchangeOptions}. */
export interface ExchangeContext {
  readonly origins: ReadonlyMap<string, ClipOriginRow> | undefined;
  readonly taxa: TaxonTable;
  readonly properties: PackageProperties | undefined;
  readonly threshold: number;
  readonly timeZone: TimeZone | undefined;
  readonly namePattern: RegExp | undefined;
  readonly localClock: boolean;
}

/** Adds the options of {@link ExchangeOptions} to a command. */
export function withExchangeOptions(command: Command): Command {
  return command
    .optionsGroup('Where, when and what, mostly for formats of other tools:')
    .option(
      '--sites <csv>',
      'filename with site, captured_at, latitude, longitude: where and when clips were taken; by default each ' +
        'folder is a site, and times are those in the files',
    )
    .option('--taxa <csv>', 'class, scientific_name, taxon_rank, observation_type: what classes mean to others')
    .addOption(namePatternOption())
    .option('--time-zone <zone>', "zone of the cameras' clocks, for times that state none: +02:00, Africa/Kinshasa")
    .addOption(localClockOption())
    .addOption(
      new Option('--threshold <p>', 'least probability of a species that is reported (camtrap-dp, coco-camera-traps)')
        .argParser(probability)
        .default(0.5),
    )
    .option(
      '--package <json>',
      'properties of datapackage.json: title, contributors, project, licenses, ... (camtrap-dp)',
    );
}

export function namePatternOption(): Option {
  return new Option(
    '--name-pattern <regex>',
    'what file names say, as named groups: site, year, month, day, hour, minute, second, zone',
  );
}

/** For cameras that write local time where MP4 wants UTC. */
export function localClockOption(): Option {
  return new Option(
    '--local-clock',
    'the cameras write local time where their files claim UTC, as most do in MP4: such times are by --time-zone',
  );
}

function probability(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError(`It must be a number from 0 to 1, got '${text}'.`);
  }
  return value;
}

/** Reads all that the options name, so that what is wrong with it is known before any work. */
export async function openExchange(options: ExchangeOptions): Promise<ExchangeContext> {
  const { sites, taxa, threshold = 0.5, timeZone, namePattern, localClock = false } = options;
  return {
    origins: sites === undefined ? undefined : await readClipOrigins(sites),
    taxa: taxa === undefined ? builtInTaxa : await readTaxa(taxa),
    properties: options.package === undefined ? undefined : await readPackageProperties(options.package),
    threshold,
    timeZone: timeZone === undefined ? undefined : parseTimeZone(timeZone),
    namePattern: namePattern === undefined ? undefined : parseNamePattern(namePattern),
    localClock,
  };
}

/** Predictions with all that is known of where and when their clips were taken, and of their files. */
export async function clipRecords(
  predictions: readonly PredictedClip[],
  pathOf: (filename: string) => string | undefined,
  {
    origins,
    namePattern,
    localClock,
    say,
  }: Pick<ExchangeContext, 'origins' | 'namePattern' | 'localClock'> & Pick<SettingSources, 'say'>,
  signal: AbortSignal,
): Promise<ClipRecord[]> {
  const progress = new Progress('read containers');
  const settings = await findSettings(
    predictions.map(({ filename }) => filename),
    {
      pathOf,
      origins,
      namePattern,
      localClock,
      rootIsSite: true,
      signal,
      say,
      onClip: (done, of) => progress.update(done / of),
    },
  );
  progress.clear();
  return predictions.map(({ filename, outcome, probabilities, seen }, i) => {
    // The path is this machine's, and what is exported leaves it; the name is everybody's. The result may have been made elsewhere, with the whole path.
    const path = pathOf(filename) ?? filename;
    const reason = outcome.reason.replaceAll(resolve(path), filename).replaceAll(path, filename);
    return {
      filename,
      outcome: { ...outcome, reason },
      probabilities,
      ...(seen === undefined ? {} : { seen }),
      ...(settings[i] as (typeof settings)[number]),
    };
  });
}

import { Readable } from 'node:stream';
import {
  byLocalClock,
  camtrapPackage,
  parseTimeZone,
  type ClipRecord,
  type PackageFile,
  type WriteCamtrapOptions,
} from '@primatrix/exchange';
import { strToU8, Zip, ZipDeflate } from 'fflate';

/** What people say of a package. */
export interface CamtrapZipOptions {
  /** Of the cameras' clocks, for times that state none. */
  readonly timeZone: string | undefined;
  /** Whether the cameras write local time where their files claim UTC. */
  readonly localClock: boolean;
  /** Who is to be named for the data. */
  readonly contributor: string | undefined;
  /** Of the project. */
  readonly title: string;
  readonly settings: WriteCamtrapOptions;
}

/**
 * A Camtrap DP data package as a zip file, made while it is sent.
 * @throws ExchangeError where there is no such time zone
 */
export function camtrapZip(
  records: readonly ClipRecord[],
  classes: readonly string[],
  { timeZone, localClock, contributor, title, settings }: CamtrapZipOptions,
): Readable {
  const properties = {
    project: { title },
    ...(contributor === undefined ? {} : { contributors: [{ title: contributor, role: 'contact' }] }),
  };
  const { files } = camtrapPackage(localClock ? records.map(withLocalClock) : records, classes, {
    ...settings,
    properties,
    timeZone: timeZone === undefined ? undefined : parseTimeZone(timeZone),
  });
  return Readable.from(zipped(files, settings.created), { objectMode: false });
}

function withLocalClock(record: ClipRecord): ClipRecord {
  return record.time === null ? record : { ...record, time: byLocalClock(record.time) };
}

/** One part after the other, each no sooner than the one before has been sent. */
function* zipped(files: readonly PackageFile[], at: string): Generator<Uint8Array, void, undefined> {
  const parts: Uint8Array[] = [];
  const zip = new Zip((error, part) => {
    if (error !== null) throw error;
    parts.push(part);
  });
  for (const { name, text } of files) {
    const entry = new ZipDeflate(name);
    entry.mtime = at;
    zip.add(entry);
    for (const part of text) {
      entry.push(strToU8(part));
      yield* parts.splice(0);
    }
    entry.push(new Uint8Array(), true);
  }
  zip.end();
  yield* parts.splice(0);
}

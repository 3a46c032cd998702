import { isMissing } from '@primatrix/dataset';
import { sha256Bytes } from '@primatrix/files';

/** The version of the standard that is written. */
export const camtrapVersion = '1.0.2';
const base = `https://raw.githubusercontent.com/tdwg/camtrap-dp/${camtrapVersion}`;
export const camtrapProfile = `${base}/camtrap-dp-profile.json`;

/** Tables of a package, in the order of their references. */
export const camtrapTables = ['deployments', 'media', 'observations'] as const;
export type CamtrapTable = (typeof camtrapTables)[number];

export const tableSchemaUrl = (table: CamtrapTable) => `${base}/${table}-table-schema.json`;

/** Columns in the order of the standard's schemas; those that are not written are optional and nothing is known of them. */
export const writtenColumns = {
  deployments: [
    'deploymentID',
    'locationID',
    'locationName',
    'latitude',
    'longitude',
    'coordinateUncertainty',
    'deploymentStart',
    'deploymentEnd',
    'timestampIssues',
    'deploymentComments',
  ],
  media: [
    'mediaID',
    'deploymentID',
    'timestamp',
    'filePath',
    'filePublic',
    'fileName',
    'fileMediatype',
    'mediaComments',
  ],
  observations: [
    'observationID',
    'deploymentID',
    'mediaID',
    'eventID',
    'eventStart',
    'eventEnd',
    'observationLevel',
    'observationType',
    'scientificName',
    'count',
    'lifeStage',
    'sex',
    'behavior',
    'bboxX',
    'bboxY',
    'bboxWidth',
    'bboxHeight',
    'classificationMethod',
    'classifiedBy',
    'classificationTimestamp',
    'classificationProbability',
    'observationTags',
    'observationComments',
  ],
} as const satisfies Record<CamtrapTable, readonly string[]>;

/** One row by column; what is not known is left out. */
export type CamtrapRow = Readonly<Record<string, string | undefined>>;

/** The same identifier for the same text, wherever and whenever it is exported. */
export const identifierOf = (...parts: readonly string[]) => sha256Bytes(parts.join('\0')).slice(0, 16);

/** The tag that carries a class through tools that know taxa only. `|` separates tags. */
const classTag = 'class:';
export const tagOfClass = (name: string) => classTag + name.replace(/[%|\p{Cc}]|^\s|\s$/gu, encodeURIComponent);

/** The classes that observation tags name: one, mostly, or none. */
export function classesOfTags(tags: string): readonly string[] {
  const named = tags
    .split('|')
    .map((text) => text.trim())
    .filter((text) => text.startsWith(classTag))
    .map((text) => decoded(text.slice(classTag.length)).normalize('NFC'));
  return [...new Set(named)];
}

/**
 * A file's name as the standard allows paths: relative, not beginning with `.`, `/` or `~`, without `..` and line ends. What it does
 * not allow is percent-encoded as in URLs, and so is `%`.
 */
export function filePathOf(filename: string): string {
  const escaped = filename.replace(/[%\p{Cc}\u2028\u2029]|^\s|\s$|^~|^\.|(?<=\.)\./gu, (character) =>
    /[.~]/.test(character) ? `%${character.charCodeAt(0).toString(16).toUpperCase()}` : encodeURIComponent(character),
  );
  // Readers take `NA` and the like for missing.
  return isMissing(escaped) ? `%${escaped.charCodeAt(0).toString(16).toUpperCase()}${escaped.slice(1)}` : escaped;
}

/** The name behind {@link filePathOf}; other tools' paths with a `%` that encodes nothing stay as they are. */
export const filenameOf = (filePath: string) => decoded(filePath);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { ClipMetadata } from '@primatrix/contracts';
import type { HashSummary } from '@primatrix/perceptual-hash';
import type { ClipPrediction } from '@primatrix/prediction';
import { formatTable, onOneLine } from './format.ts';

/** A class and its probability, 0 to 1. */
export interface Ranked {
  readonly class: string;
  readonly probability: number;
}

/** What each family saw in a clip. */
export interface Inspection {
  readonly clip: string;
  readonly bundle: { readonly dataset: string; readonly profile: string; readonly digest: string };
  readonly warnings: readonly string[];
  readonly outcome: ClipPrediction['outcome'];
  readonly metadata: ClipMetadata | null;
  /** `changedBits`: of the 128 hash bits, from each frame to the next. */
  readonly motion: {
    readonly frames: number;
    readonly changedBits: readonly number[];
    readonly row: HashSummary;
  } | null;
  readonly features: readonly {
    readonly family: string;
    readonly version: string;
    readonly settings: unknown;
    readonly weights: string;
  }[];
  readonly members: readonly {
    readonly name: string;
    readonly kind: 'net' | 'stacker';
    readonly weight: number;
    readonly padded?: { readonly frames: number; readonly length: number };
    readonly classes: readonly Ranked[];
  }[];
  /** Null where the clip failed. */
  readonly final: readonly Ranked[] | null;
}

const columns = 60;

/** An inspection as text for a terminal. @param top how many classes of each member are shown */
export function describeInspection(inspection: Inspection, top: number): string {
  const { clip, bundle, metadata, motion, features, members, final } = inspection;
  const likeliest = (classes: readonly Ranked[]) =>
    classes
      .slice(0, top)
      .map(({ class: name, probability }) => `${name} ${probability.toFixed(3)}`)
      .join(', ');
  const parts = [
    [
      'Clip',
      formatTable(
        ['', ''],
        [
          ['file', onOneLine(clip)],
          ...metadataRows(metadata),
          ['bundle', `${bundle.dataset}, profile ${bundle.profile}, ${bundle.digest.slice(0, 12)}`],
        ],
      )
        .split('\n')
        .slice(1)
        .join('\n'),
    ],
    [
      'Motion by hash (bits of 128 that change from frame to frame)',
      motion === null ? 'no pictures' : describeMotion(motion),
    ],
    [
      'Features',
      formatTable(
        ['family', 'settings', 'weights'],
        features.map(({ family, version, settings, weights }) => [
          `${family} ${version}`,
          describeSettings(settings),
          weights,
        ]),
      ),
    ],
    ...(['net', 'stacker'] as const).map((kind) => [
      kind === 'net' ? 'Nets' : 'Stackers',
      members.some((member) => member.kind === kind)
        ? formatTable(
            [kind, 'weight', 'likeliest classes'],
            members
              .filter((member) => member.kind === kind)
              .map(({ name, weight, padded, classes }) => [
                name,
                weight.toFixed(2),
                `${likeliest(classes)}${padded === undefined ? '' : `  (filled up: ${padded.frames} of ${padded.length} frames)`}`,
              ]),
          )
        : 'none',
    ]),
    [
      'Ensemble (of this clip alone: what was seen before and after it at the site is not known here)',
      final === null
        ? 'no prediction'
        : final
            .slice(0, top)
            .map(
              ({ class: name, probability }) =>
                `${probability.toFixed(4)}  ${'█'.repeat(Math.round(probability * 30)).padEnd(30, '·')}  ${name}`,
            )
            .join('\n'),
    ],
  ];
  return parts.map(([title, text]) => `${title}\n${(text ?? '').replace(/^/gm, '  ').trimEnd()}`).join('\n\n');
}

function metadataRows(metadata: ClipMetadata | null): string[][] {
  if (metadata === null) return [['metadata', 'not readable']];
  const { width, height, fps, frames, durationSeconds, videoCodec, capturedAt, audio, bytes, sha256, container } =
    metadata;
  return [
    ['bytes', `${bytes}, ${container}, sha256 ${sha256.slice(0, 12)}`],
    [
      'picture',
      videoCodec === null
        ? 'none'
        : `${videoCodec} ${width}x${height}, ${frames} frames at ${fps === null ? '?' : Number(fps.toFixed(2))} fps, ${durationSeconds.toFixed(1)} s`,
    ],
    [
      'sound',
      audio === null
        ? 'none'
        : `${audio.codec} ${audio.sampleRate} Hz, ${audio.channels} channels, ${(audio.samples / audio.sampleRate).toFixed(1)} s, from ${audio.min.toFixed(3)} to ${audio.max.toFixed(3)}`,
    ],
    ['captured', capturedAt ?? 'unknown'],
  ];
}

function describeMotion({ frames, changedBits, row }: NonNullable<Inspection['motion']>): string {
  const strip = sparkline(changedBits);
  const figures = Object.entries(row).map(([name, value]) => `${name} ${Number(value.toFixed(2))}`);
  return [
    strip === ''
      ? 'one frame: nothing can change'
      : `${strip}  highest ${Math.max(...changedBits)}, over ${frames} frames`,
    figures.slice(0, 4).join(', '),
    figures.slice(4).join(', '),
  ].join('\n');
}

/** One character for the highest of each stretch of frames. */
function sparkline(values: readonly number[]): string {
  const width = Math.min(columns, values.length);
  const highest = Math.max(1, ...values);
  return Array.from({ length: width }, (_, i) => {
    const stretch = values.slice(
      Math.floor((i * values.length) / width),
      Math.floor(((i + 1) * values.length) / width),
    );
    return '▁▂▃▄▅▆▇█'[Math.round((Math.max(...stretch) / highest) * 7)];
  }).join('');
}

function describeSettings(settings: unknown): string {
  if (typeof settings !== 'object' || settings === null) return '-';
  const plain = Object.entries(settings).filter(([name, value]) => typeof value !== 'object' && name !== 'seed');
  return plain.map(([name, value]) => `${name} ${String(value)}`).join(', ') || '-';
}

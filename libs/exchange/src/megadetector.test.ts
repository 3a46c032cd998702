import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ClipRecord } from './clip-record.ts';
import { megaDetectorText } from './megadetector.ts';
import { builtInTaxa } from './taxa.ts';

const ok = { status: 'ok', fault: null, reason: '', framesDecoded: 3, framesExpected: 3 } as const;
const video = { kind: 'video', fps: 29.97, frames: 3, durationSeconds: 0.1, width: 4, height: 4, time: null } as const;
const still = { ...video, kind: 'image', fps: null, frames: 1 } as const;
const failed = {
  status: 'failed',
  fault: 'damaged',
  reason: 'no frame decodes',
  framesDecoded: 0,
  framesExpected: null,
} as const;
const record = (rest: Partial<ClipRecord>): ClipRecord => ({
  filename: 'a.mp4',
  outcome: ok,
  probabilities: [0, 0, 0],
  media: video,
  site: null,
  coordinates: null,
  time: null,
  ...rest,
});

interface Results {
  info: Record<string, unknown>;
  detection_categories: Record<string, string>;
  classification_categories: Record<string, string>;
  images: {
    file: string;
    frame_rate?: number;
    frames_processed?: number[];
    failure?: string;
    detections:
      | { category: string; conf: number; bbox: number[]; frame_number?: number; classifications: [string, number][] }[]
      | null;
  }[];
}

function written(records: readonly ClipRecord[], classes: readonly string[]): { text: string; results: Results } {
  const text = megaDetectorText(records, classes, {
    taxa: builtInTaxa,
    classifier: 'Primatrix 1',
    caveats: ['vgg16 <untrained>'],
  });
  return { text, results: JSON.parse(Buffer.from(text).toString()) as Results };
}

it('writes what format 1.6 wants of videos, stills, blank clips and failed ones', () => {
  const { text, results } = written(
    [
      record({ filename: 'two.mp4', probabilities: [0.1, 1, 0.3, 0.6] }),
      record({ filename: 'blank.avi', probabilities: [1, 0.001, 0, 0.004] }),
      record({ filename: 'still.jpg', probabilities: [0, 0, 0.25, 0], media: still }),
      record({ filename: 'bad.mp4', probabilities: null, outcome: failed, media: null }),
      record({ filename: 'bad.jpg', probabilities: null, outcome: failed, media: null }),
    ],
    ['blank', 'leopard', 'human', 'hog'],
  );
  expect(results.info).toEqual({
    format_version: '1.6',
    detector: 'Primatrix 1',
    classifier: 'Primatrix 1',
    summary_report: '<p>vgg16 &#60;untrained&#62;</p>',
  });
  expect(results.detection_categories).toEqual({ '1': 'animal', '2': 'person', '3': 'vehicle' });
  expect(results.classification_categories).toEqual({ '0': 'blank', '1': 'leopard', '2': 'human', '3': 'hog' });
  expect(results.images).toEqual([
    {
      file: 'two.mp4',
      frame_rate: 29.97,
      frames_processed: [0, 1, 2],
      detections: [
        {
          category: '1',
          conf: 1,
          bbox: [0, 0, 1, 1],
          frame_number: 0,
          classifications: [
            ['1', 1],
            ['3', 0.6],
          ],
        },
        { category: '2', conf: 0.3, bbox: [0, 0, 1, 1], frame_number: 0, classifications: [['2', 0.3]] },
      ],
    },
    { file: 'blank.avi', frame_rate: 29.97, frames_processed: [0, 1, 2], detections: [] },
    {
      file: 'still.jpg',
      detections: [{ category: '2', conf: 0.25, bbox: [0, 0, 1, 1], classifications: [['2', 0.25]] }],
    },
    { file: 'bad.mp4', frame_rate: 1, frames_processed: [], failure: 'no frame decodes [damaged]', detections: null },
    { file: 'bad.jpg', failure: 'no frame decodes [damaged]', detections: null },
  ]);
  // Python reads 1 as an integer, which the format's validator refuses.
  expect(text).toContain('"conf": 1.0,');
});

it('goes by the name for what is a video, as the readers of the format do, and by the file where the name does not say', () => {
  const media = { fps: null, frames: 0, durationSeconds: 2, width: null, height: null, time: null };
  const { results } = written(
    [
      record({ filename: 'sound.mp4', probabilities: [0, 1], media: { ...media, kind: 'audio' } }),
      record({ filename: 'picture.mov', probabilities: [0, 1], media: { ...media, kind: 'image', frames: 1 } }),
      record({ filename: 'sound.wav', probabilities: [0, 1], media: { ...media, kind: 'audio' } }),
      record({ filename: 'odd.bin', probabilities: [0, 1], media: { ...media, kind: 'video', fps: 5, frames: 2 } }),
    ],
    ['blank', 'constructor'],
  );
  const frames = (images: typeof results.images) =>
    images.map(({ file, frame_rate, detections }) => [file, frame_rate, detections?.[0]?.frame_number]);
  expect(frames(results.images)).toEqual([
    ['sound.mp4', 1, 0],
    ['picture.mov', 1, 0],
    ['sound.wav', undefined, undefined],
    ['odd.bin', 5, 0],
  ]);
});

it('is JSON whatever clips and classes are called, with one entry a clip', () => {
  const probability = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ unit: 'binary' }), { maxLength: 4 }),
      fc.string({ unit: 'binary', minLength: 1 }),
      probability,
      (filenames, className, p) => {
        const { results } = written(
          filenames.map((filename) => record({ filename, probabilities: [p] })),
          [className],
        );
        // Lone surrogates have no form in UTF-8.
        expect(results.images.map(({ file }) => file)).toEqual(filenames.map((name) => Buffer.from(name).toString()));
        expect(results.classification_categories['0']).toBe(Buffer.from(className).toString());
        for (const { detections } of results.images) {
          for (const { conf } of detections ?? []) expect(conf).toBeCloseTo(p, 5);
        }
      },
    ),
    { numRuns: 40 },
  );
});

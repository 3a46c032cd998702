import type { ClipRecord } from '@primatrix/exchange';
import { kindOf } from '../media/clip-media.ts';
import { withoutPath, type ClipRow } from '../clips/clip-row.ts';
import { timeOfClip } from '../clips/clip-times.ts';

const notPredicted = { status: 'ok', fault: null, reason: '', framesDecoded: null, framesExpected: null } as const;

/** A clip as formats of other tools want it, by what is known already: no file is read again. None while nobody has said anything of it. */
export function clipRecords(row: ClipRow): ClipRecord[] {
  const { filename, path, outcome, probabilities, metadata, site, coordinates, seen, review, note } = row;
  if (outcome === null && (review === null || review.species.length === 0)) return [];
  const kind = kindOf(metadata);
  const time = timeOfClip(row);
  return [
    {
      filename,
      site,
      time,
      coordinates: coordinates ?? null,
      outcome: outcome === null ? notPredicted : withoutPath(outcome, path, filename),
      probabilities: probabilities === null ? null : [...probabilities],
      seen: seen ?? undefined,
      media:
        metadata === null || kind === null
          ? null
          : {
              kind: kind === 'picture' ? 'image' : kind === 'sound' ? 'audio' : 'video',
              fps: kind === 'video' ? metadata.fps : null,
              frames: metadata.frames,
              durationSeconds: metadata.durationSeconds,
              width: metadata.width,
              height: metadata.height,
              time,
            },
      note,
      review:
        review === null
          ? undefined
          : { species: review.species, observations: review.observations, by: review.by ?? null, at: review.at },
    },
  ];
}

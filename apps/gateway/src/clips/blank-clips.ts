import { isBlankClass } from '@primatrix/dataset';
import type { ClipRow } from './clip-row.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { clockOf } from './clip-times.ts';

/** A clip that shows nothing. */
export interface BlankClip extends Pick<ClipRow, 'id' | 'filename' | 'path' | 'site'> {
  /** By the camera's clock. */
  readonly capturedAt: string;
  /** Of blank; null where a person decided. */
  readonly probability: number | null;
  /** Who decided; null where nobody gave a name, or the model alone says it. */
  readonly by: string | null;
}

/** Less sure predictions are not enough to remove a clip. */
const sure = 0.95;
const day = 86_400_000;

/**
 * Clips that people called blank, or that nobody has looked at and the model takes for blank with 95 % or more, and that were taken so
 * many days ago; clips of unknown time are never among them.
 */
export function blankClips({ table, now }: Pick<ReviewProject, 'table' | 'now'>, days: number): BlankClip[] {
  const blank = table.classes.findIndex(isBlankClass);
  const before = now().getTime() - days * day;
  const found: BlankClip[] = [];
  for (const row of table.rows()) {
    const { id, filename, path, site, review, top, confidence, moment } = row;
    const capturedAt = clockOf(row);
    if (capturedAt === null || !(moment < before) || row.state !== 'predicted') continue;
    const decided = review?.decision === 'blank';
    if (!decided && !(review === null && top === blank && blank >= 0 && confidence >= sure)) continue;
    found.push({
      ...{ id, filename, path, site, capturedAt },
      probability: decided ? null : confidence,
      by: decided ? (review.by ?? null) : null,
    });
  }
  return found;
}

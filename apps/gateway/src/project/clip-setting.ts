import { statedTime } from '@primatrix/dataset';
import type { ClipSetting } from '@primatrix/review-api';
import { HttpProblem } from '../http/http-problem.ts';
import type { SettingPatch } from './review-entry.ts';

/**
 * What a person says of where and when one clip was taken.
 * @throws HttpProblem 422 where there is no such time
 */
export function patchOf({ site, capturedAt }: ClipSetting): SettingPatch {
  if (capturedAt != null) mustBeTime(capturedAt);
  return {
    ...(site === undefined ? {} : { site }),
    // A person's word, whatever stood there before.
    ...(capturedAt === undefined ? {} : { capturedAt, timeFrom: null }),
  };
}

/** @throws HttpProblem 422 where there is no such time */
export function mustBeTime(text: string): void {
  if (statedTime(text) !== undefined) return;
  throw new HttpProblem(422, 'CLIP_TIME', `there is no such day, hour or zone: '${text}'`, {
    hint: 'write 2016-03-31T17:05:00, and behind it Z or +02:00 where the zone is known',
  });
}

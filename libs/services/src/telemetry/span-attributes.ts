import type { Message } from '@primatrix/contracts';

/** What spans say of the work that they are about. */
export function spanAttributes(
  { id, stage, family, clipId, datasetId }: Pick<Message, 'id' | 'stage' | 'family' | 'clipId' | 'datasetId'>,
  part: string,
): Record<string, string> {
  return {
    'messaging.system': 'nats',
    'messaging.message.id': id,
    'primatrix.stage': stage,
    'primatrix.family': family,
    'primatrix.part': part,
    'primatrix.dataset_id': datasetId,
    ...(clipId === null ? {} : { 'primatrix.clip_id': clipId }),
  };
}

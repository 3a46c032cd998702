import { csvLine } from '@primatrix/files';
import type { FastifyReply } from 'fastify';
import { clipFilterSchema } from '@primatrix/review-api';
import { withoutPath, type ClipRow } from '../clips/clip-row.ts';
import { capturedText, timeOfClip } from '../clips/clip-times.ts';
import { deploymentsOf } from '../clips/deployments.ts';
import { ClipFinder } from '../clips/find-clips.ts';
import { observationTable } from '../exports/observation-table.ts';
import { labelTable } from '../exports/label-table.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';

/** What people take with them: labels for the next training, predictions, sites and times. All take the grid's filters. */
export function exportRoutes(project: ReviewProject): Route[] {
  const finder = new ClipFinder(project.table);
  const { classes } = project.table;
  const csv = (name: string, summary: string, lines: (rows: readonly ClipRow[]) => Iterable<string>) =>
    route({
      method: 'GET',
      path: `/api/export/${name}`,
      summary,
      query: clipFilterSchema,
      answer: { media: 'text/csv', says: summary },
      refusals: [422],
      handle: ({ query, reply }) =>
        download(reply, name, 'text/csv; charset=utf-8').send([...lines(finder.find(query))].join('')),
    });
  return [
    csv('train_labels.csv', 'Labels of the clips that people have decided: one 0/1 column a species', (rows) =>
      labelTable(rows, classes),
    ),
    csv('clips.csv', 'Site, time and place of each clip', function* (rows) {
      yield csvLine(['filename', 'site', 'captured_at', 'latitude', 'longitude', 'time_from']);
      for (const row of rows) {
        const { filename, site, coordinates } = row;
        yield csvLine([
          ...[filename, site ?? '', capturedText(row)],
          ...[coordinates?.latitude ?? '', coordinates?.longitude ?? '', timeOfClip(row)?.source ?? ''],
        ]);
      }
    }),
    csv('deployments.csv', 'Sites with their clips, first and last time, place and zone', function* (rows) {
      yield csvLine(['site', 'clips', 'first', 'last', 'latitude', 'longitude', 'time_zone', 'clips_without_time']);
      for (const { site, clips, first, last, coordinates, zone, timeless } of deploymentsOf(rows)) {
        yield csvLine([
          ...[site ?? '', clips, first ?? '', last ?? '', coordinates?.latitude ?? '', coordinates?.longitude ?? ''],
          ...[zone ?? '', timeless],
        ]);
      }
    }),
    csv('predictions.csv', 'Probabilities of the ensemble, as primatrix predict writes them', function* (rows) {
      yield csvLine(['filename', 'status', 'fault', 'reason', 'frames_decoded', 'frames_expected', ...classes]);
      for (const { filename, path, probabilities, outcome } of rows) {
        if (outcome === null) continue;
        const { status, fault, reason, framesDecoded, framesExpected } = withoutPath(outcome, path, filename);
        yield csvLine([
          filename,
          status,
          fault ?? '',
          reason,
          framesDecoded,
          framesExpected ?? '',
          ...classes.map((_, c) => probabilities?.[c] ?? ''),
        ]);
      }
    }),
    csv(
      'observations.csv',
      'What each clip shows, an observation a row: by people where they decided, else by the model',
      (rows) => observationTable(rows, classes),
    ),
    csv('review.csv', 'What was predicted and what people said, side by side', function* (rows) {
      yield csvLine([
        'filename',
        'site',
        'captured_at',
        'predicted',
        'probability',
        'disagreement',
        'decision',
        'species',
        'reviewed_at',
        'reviewed_by',
        'note',
      ]);
      for (const row of rows) {
        const { filename, site, top, confidence, disagreement, review, note } = row;
        yield csvLine([
          filename,
          site ?? '',
          capturedText(row),
          classes[top] ?? '',
          top < 0 ? '' : confidence,
          disagreement ?? '',
          review?.decision ?? '',
          review?.species.join('|') ?? '',
          review?.at ?? '',
          review?.by ?? '',
          note,
        ]);
      }
    }),
  ];
}

function download(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply.headers({
    'content-type': type,
    'content-disposition': `attachment; filename="${name}"`,
    'cache-control': 'no-store',
  });
}

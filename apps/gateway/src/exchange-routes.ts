import { createRequire } from 'node:module';
import { join } from 'node:path';
import { builtInTaxa, parseCaptureTime, writeCocoCameraTraps, writeMegaDetector, type ClipRecord } from '@primatrix/exchange';
import { clipFilterSchema } from '@primatrix/review-api';
import { kindOf } from './clip-media.ts';
import { withoutPath, type ClipRow } from './clip-row.ts';
import { ClipFinder } from './find-clips.ts';
import type { ReviewProject } from './review-project.ts';
import { route, type Route } from './route.ts';
import { sendFile } from './send-file.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };
const classifier = `Primatrix ${version}`;
/** Least probability of a species that is reported, as `primatrix export` has it by default. */
const threshold = 0.5;

type Write = (path: string, records: readonly ClipRecord[], facts: { readonly caveats: readonly string[]; readonly now: string }) => Promise<void>;

/** Predictions in formats of other tools; failed clips are in each, clips that wait in none. */
export function exchangeRoutes(project: ReviewProject): Route[] {
  const finder = new ClipFinder(project.table);
  const { classes } = project.table;
  const file = (name: string, summary: string, write: Write) =>
    route({
      method: 'GET', path: `/api/export/${name}`, summary, query: clipFilterSchema, answer: { media: 'application/json', says: summary }, refusals: [422, 507],
      handle: async ({ query, request, reply }) => {
        const path = join(project.folder, 'cache', name);
        const now = `${project.now().toISOString().slice(0, 19)}Z`;
        await write(path, finder.find(query).flatMap(recordOf), { caveats: project.describe().warnings, now });
        reply.header('content-disposition', `attachment; filename="${name}"`);
        return sendFile(request, reply, { path, type: 'application/json' });
      },
    });
  return [
    file('megadetector.json', 'Predictions as MegaDetector results 1.6, for Timelapse', (path, records, { caveats, now }) =>
      writeMegaDetector(path, records, classes, { taxa: builtInTaxa, classifier, caveats, completedAt: now.slice(0, 19).replace('T', ' ') })),
    file('coco-camera-traps.json', 'Predictions as COCO Camera Traps', (path, records, { caveats, now }) =>
      writeCocoCameraTraps(path, records, classes, { taxa: builtInTaxa, threshold, classifier, created: now, caveats })),
  ];
}

/** A clip as the formats want it, by what is known already: no file is read again. */
function recordOf({ filename, path, outcome, probabilities, metadata, site, moment }: ClipRow): ClipRecord[] {
  if (outcome === null) return [];
  const kind = kindOf(metadata);
  const time = Number.isNaN(moment) ? null : parseCaptureTime(new Date(moment).toISOString().slice(0, 19), 'container');
  return [{
    filename, site, time, coordinates: null,
    outcome: withoutPath(outcome, path, filename),
    probabilities: probabilities === null ? null : [...probabilities],
    media: metadata === null || kind === null ? null : { kind: kind === 'picture' ? 'image' : kind === 'sound' ? 'audio' : 'video', fps: kind === 'video' ? metadata.fps : null, frames: metadata.frames, durationSeconds: metadata.durationSeconds, width: metadata.width, height: metadata.height, time },
  }];
}

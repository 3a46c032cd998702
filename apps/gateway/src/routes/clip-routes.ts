import {
  addedSchema,
  clipDetailSchema,
  clipFilterSchema,
  clipPageSchema,
  clipPlaceSchema,
  clipQuerySchema,
  clipSignalsSchema,
  clipSpectrogramSchema,
  folderInputSchema,
  projectSchema,
  reviewInputSchema,
  reviewSchema,
  type ClipDetail,
  type Suggestions,
  type ClipSummary,
  type Me,
} from '@primatrix/review-api';
import { z } from 'zod';
import { addFolder } from '../project/add-folder.ts';
import { kindOf, type ClipMedia } from '../media/clip-media.ts';
import { summaryOf, type ClipRow } from '../clips/clip-row.ts';
import { isAskedFromHere, mustBeHere } from '../http/asked-from-here.ts';
import type { ListEntry } from '../clips/clip-events.ts';
import { ClipFinder } from '../clips/find-clips.ts';
import { receiveUpload } from '../project/receive-upload.ts';
import type { ReviewProject } from '../project/review-project.ts';
import { route, type Route } from '../http/route.ts';
import { sendFile } from '../media/send-file.ts';
import { traceOfRequest } from '../metrics/watch-requests.ts';

/** Neighbours on each side of a clip. */
const neighbours = 4;

export interface ClipRoutesOptions {
  /** What is to be said of the machine wherever results are shown; not of results that leave it. */
  readonly notices: readonly string[];
  readonly limits: { readonly uploadBytes: number; readonly clips: number };
  /** Whether folders of this machine may be added at all. */
  readonly folders: boolean;
  /** Whether the second level can be fitted again from here. */
  readonly refits: boolean;
  /** Whether models can be trained from here. */
  readonly trains: boolean;
  readonly suggestions: () => Suggestions | null;
}

/** Everything about clips: adding, finding, watching and reviewing them. */
export function clipRoutes(
  project: ReviewProject,
  media: ClipMedia,
  { limits, folders, notices, refits, trains, suggestions }: ClipRoutesOptions,
): Route[] {
  const finder = new ClipFinder(project.table, project.opinions);
  const { classes } = project.table;
  const clipOf = ({ params }: { readonly params: Readonly<Record<string, string>> }) =>
    project.clip(params['id'] ?? '');
  // A second opinion is worth something where the first is not known.
  const shown = (row: ClipRow, { name }: Me): ClipRow =>
    project.opinions.isDue(row.id, name) ? { ...row, review: null, note: '' } : row;
  return [
    route({
      method: 'GET',
      path: '/api/project',
      summary: 'What the project holds, and how far prediction is',
      answer: { json: projectSchema },
      handle: ({ request, me }) => {
        const { warnings, ...described } = project.describe();
        return {
          ...described,
          me,
          warnings: [...notices, ...warnings],
          foldersAllowed: folders && isAskedFromHere(request),
          limits,
          refits,
          trains,
          suggestions: suggestions(),
        };
      },
    }),
    route({
      method: 'POST',
      path: '/api/folders',
      summary: 'Add all clips below a folder of the machine that the gateway runs on',
      body: folderInputSchema,
      answer: { json: addedSchema },
      refusals: [403, 413, 422],
      handle: ({ body, request }) => {
        mustBeHere(folders, request);
        return addFolder(project, body.path);
      },
    }),
    route({
      method: 'POST',
      path: '/api/uploads',
      summary: 'Add one clip: its bytes are the body',
      upload: true,
      query: z.strictObject({ name: z.string().min(1) }),
      answer: { json: z.object({ filename: z.string(), added: z.boolean() }) },
      refusals: [400, 408, 409, 413, 415, 422, 507],
      handle: ({ query, request }) => {
        const stated = request.headers['content-length'];
        return receiveUpload(project, {
          name: query.name,
          body: request.body,
          stated: stated === undefined ? undefined : Number(stated),
          maxBytes: limits.uploadBytes,
          trace: traceOfRequest(request),
        });
      },
    }),
    route({
      method: 'GET',
      path: '/api/clips',
      summary: 'Clips that pass filters, page by page',
      query: clipQuerySchema,
      answer: { json: clipPageSchema },
      refusals: [422],
      handle: ({ query: { offset, limit, ...filter }, me }) => {
        const list = finder.list(filter, me.name);
        return {
          total: list.length,
          ofClips: finder.find(filter, me.name).length,
          offset,
          clips: list
            .slice(offset, offset + limit)
            .map(({ row, event }) => summaryOf(shown(row, me), classes, eventOf(event))),
        };
      },
    }),
    route({
      method: 'GET',
      path: '/api/clips/{id}',
      summary: 'All that is known of a clip',
      answer: { json: clipDetailSchema },
      refusals: [404],
      handle: (input) => {
        const row = clipOf(input);
        return detailOf(
          shown(row, input.me),
          classes,
          finder.around(row, neighbours).map((one) => shown(one, input.me)),
        );
      },
    }),
    route({
      method: 'GET',
      path: '/api/clips/{id}/place',
      summary: 'Where a clip stands among those that pass filters, and which come before and after',
      query: clipFilterSchema,
      answer: { json: clipPlaceSchema },
      refusals: [404, 422],
      handle: (input) => {
        const list = finder.list(input.query, input.me.name);
        const row = clipOf(input);
        const index = list.findIndex(
          (entry) => entry.row === row || (entry.event?.open === false && entry.event.rows.includes(row)),
        );
        return {
          index: index < 0 ? null : index,
          total: list.length,
          previous: list[index - 1]?.row.id ?? null,
          next: list[index + 1]?.row.id ?? null,
        };
      },
    }),
    route({
      method: 'GET',
      path: '/api/clips/{id}/thumbnail',
      summary: 'A small picture of where something happens',
      answer: { media: 'image/jpeg', says: 'JPEG, 240 pixels wide' },
      refusals: [404, 422, 503],
      handle: async (input) => sendFile(input.request, input.reply, await media.thumbnail(clipOf(input))),
    }),
    route({
      method: 'GET',
      path: '/api/clips/{id}/media',
      summary: 'The clip, or a copy that browsers play; with ranges',
      answer: { media: 'video/mp4', says: 'The file, or the range asked for (206)' },
      refusals: [404, 416, 422, 503],
      handle: async (input) => sendFile(input.request, input.reply, await media.media(clipOf(input))),
    }),
    route({
      method: 'GET',
      path: '/api/clips/{id}/signals',
      summary: 'How the clip moves and sounds over time',
      answer: { json: clipSignalsSchema },
      refusals: [404, 422, 503],
      handle: (input) => media.signals(clipOf(input)),
    }),
    route({
      method: 'GET',
      path: '/api/clips/{id}/spectrogram',
      summary: 'How the clip sounds, by time and frequency',
      answer: { json: clipSpectrogramSchema },
      refusals: [404, 422, 503],
      handle: (input) => media.spectrogram(clipOf(input)),
    }),
    route({
      method: 'POST',
      path: '/api/clips/{id}/review',
      summary: 'Say what a clip shows',
      role: 'review',
      body: reviewInputSchema,
      answer: { json: reviewSchema },
      refusals: [404, 422, 507],
      handle: (input) => project.reviews.review(clipOf(input), input.body),
    }),
    route({
      method: 'GET',
      path: '/api/events',
      summary: 'Progress and reviews as they happen; goes on after Last-Event-ID',
      answer: { media: 'text/event-stream', says: 'Events `progress`, `review`, and `reset` where some were missed' },
      refusals: [503],
      handle: ({ request, reply }) => project.events.serve(request, reply),
    }),
  ];
}

function eventOf(event: ListEntry['event']): ClipSummary['event'] {
  const [first] = event?.rows ?? [];
  if (event === null || first === undefined) return null;
  const ends = event.rows.map(({ moment, metadata }) => moment + (metadata?.durationSeconds ?? 0) * 1000);
  const end = ends.reduce((latest, one) => Math.max(latest, one));
  return { id: event.id, ids: event.rows.map(({ id }) => id), seconds: (end - first.moment) / 1000, open: event.open };
}

function detailOf(row: ClipRow, classes: readonly string[], around: readonly ClipRow[]): ClipDetail {
  const { metadata, outcome, probabilities, members, seen, heard } = row;
  return {
    ...summaryOf(row, classes),
    status: outcome?.status ?? null,
    fault: outcome?.fault ?? null,
    kind: kindOf(metadata),
    width: metadata?.width ?? null,
    height: metadata?.height ?? null,
    fps: metadata?.fps ?? null,
    frames: metadata?.frames ?? null,
    probabilities: probabilities === null ? null : [...probabilities],
    seen,
    heard,
    members: Object.fromEntries([...members].map(([name, values]) => [name, [...values]])),
    neighbours: around.map((one) => summaryOf(one, classes)),
  };
}

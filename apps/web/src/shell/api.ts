import type {
  Added,
  Changed,
  ClipChoice,
  ClipDetail,
  ClipPage,
  ClipPlace,
  ClipSetting,
  ClipSignals,
  ClipSpectrogram,
  Decided,
  DecisionInput,
  Problem,
  Project,
  Review,
  ReviewInput,
  Places,
  Setup,
  Undone,
} from '@primatrix/review-api';
import { reviewer } from './reviewer-name.tsx';
import { say } from '../language/language.ts';

/** The gateway refused a request; the message is for people. */
export class ApiError extends Error {
  readonly status: number;

  constructor({ status, detail, hint }: Pick<Problem, 'status' | 'detail' | 'hint'>) {
    super(hint === undefined ? detail : `${detail}: ${hint}`);
    this.name = 'ApiError';
    this.status = status;
  }
}

export async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const response = await fetch(path, init).catch(() => {
    throw new ApiError({ status: 0, detail: say.shell.noAnswer });
  });
  if (response.ok) return (await response.json()) as T;
  throw new ApiError(
    (await response.json().catch(() => ({ status: response.status, detail: response.statusText }))) as Problem,
  );
}

export function post<T>(path: string, body: unknown): Promise<T> {
  return call<T>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

/** The gateway, as pages ask it. `filter` is a query as the grid's address holds it. */
export const api = {
  project: () => call<Project | { setup: Setup }>('/api/project'),
  places: (path: string) => call<Places>(`/api/places?path=${encodeURIComponent(path)}`),
  clips: (filter: string, offset: number, limit: number, signal: AbortSignal) =>
    call<ClipPage>(`/api/clips?${withParts(filter, `offset=${offset}&limit=${limit}`)}`, { signal }),
  clip: (id: string) => call<ClipDetail>(`/api/clips/${id}`),
  place: (id: string, filter: string) => call<ClipPlace>(`/api/clips/${id}/place?${filter}`),
  signals: (id: string) => call<ClipSignals>(`/api/clips/${id}/signals`),
  spectrogram: (id: string) => call<ClipSpectrogram>(`/api/clips/${id}/spectrogram`),
  clipIds: (filter: string, parts = '') => call<ClipChoice>(`/api/clips/ids?${withParts(filter, parts)}`),
  remove: (ids: readonly string[], deleteUploads: boolean) =>
    post<Changed>('/api/clips/remove', { ids, deleteUploads }),
  restore: (ids: readonly string[]) => post<Changed>('/api/clips/restore', { ids }),
  again: (ids: readonly string[]) => post<Changed>('/api/clips/again', { ids }),
  decide: (input: DecisionInput) => post<Decided>('/api/decisions', { ...input, ...reviewer() }),
  undo: (act?: string) => post<Undone>('/api/decisions/undo', { ...reviewer(), ...(act === undefined ? {} : { act }) }),
  set: (id: string, setting: ClipSetting) => post<Changed>(`/api/clips/${id}/setting`, { ...setting, ...reviewer() }),
  review: (id: string, input: ReviewInput) => post<Review>(`/api/clips/${id}/review`, { ...input, ...reviewer() }),
  addFolder: (path: string) => post<Added>('/api/folders', { path }),
  upload: (name: string, file: Blob) =>
    call<{ added: boolean }>(`/api/uploads?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    }),
};

export const thumbnailOf = (id: string) => `/api/clips/${id}/thumbnail`;
export const mediaOf = (id: string) => `/api/clips/${id}/media`;
export const exportOf = (name: string, filter: string) => `/api/export/${name}?${filter}`;

function withParts(filter: string, parts: string): string {
  return [filter, parts].filter((part) => part !== '').join('&');
}

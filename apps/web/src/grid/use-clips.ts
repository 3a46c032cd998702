import { useCallback, useEffect, useRef, useState } from 'react';
import type { ClipSummary } from '@primatrix/review-api';
import { api } from '../shell/api.ts';

const pageSize = 100;

/** Clips that pass a filter, loaded page by page as they come into view. */
export interface LoadedClips {
  /** Null before the first answer. */
  readonly total: number | null;
  /** Clips that pass, whether or not the list groups them. */
  readonly ofClips: number;
  at(index: number): ClipSummary | undefined;
  /** Loads what is missing between two positions; the second one is not among them. */
  want(from: number, to: number): void;
}

interface Loaded {
  readonly filter: string;
  readonly total: number;
  readonly ofClips: number;
  readonly pages: ReadonlyMap<number, readonly ClipSummary[]>;
}

/** @param version what is in view is loaded again whenever it changes; the old clips stay until the new ones are there */
export function useClips(filter: string, version: number): LoadedClips {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const asked = useRef(new Set<number>());
  const view = useRef({ from: 0, to: pageSize });
  const stop = useRef(new AbortController());

  const load = useCallback(
    (page: number) => {
      const { signal } = stop.current;
      asked.current.add(page);
      api.clips(filter, page * pageSize, pageSize, signal).then(
        ({ total, ofClips, clips }) => {
          setLoaded((before) => ({
            filter,
            total,
            ofClips,
            pages: new Map(before?.filter === filter ? before.pages : []).set(page, clips),
          }));
        },
        () => asked.current.delete(page),
      );
    },
    [filter],
  );

  const want = useCallback(
    (from: number, to: number) => {
      view.current = { from, to };
      for (let page = Math.floor(from / pageSize); page * pageSize < to; page++) {
        if (!asked.current.has(page)) load(page);
      }
    },
    [load],
  );

  useEffect(() => {
    view.current = { from: 0, to: 1 };
  }, [filter]);

  useEffect(() => {
    stop.current.abort();
    stop.current = new AbortController();
    asked.current.clear();
    want(view.current.from, view.current.to);
  }, [filter, version, want]);

  return {
    total: loaded?.total ?? null,
    ofClips: loaded?.ofClips ?? 0,
    at: (index) => loaded?.pages.get(Math.floor(index / pageSize))?.[index % pageSize],
    want,
  };
}

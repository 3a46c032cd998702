import { useCallback, useEffect, useState } from 'react';
import type { Progress, Project, Setup } from '@primatrix/review-api';
import { api, type ApiError } from '../shell/api.ts';

/** The project, kept up to date by the gateway's events. */
export interface LiveProject {
  readonly project: Project | null;
  /** What can be chosen first, where nothing predicts here yet. */
  readonly setup: Setup | null;
  readonly error: ApiError | null;
  /** Grows whenever clips may have changed. */
  readonly version: number;
  /** Whether events arrive. */
  readonly connected: boolean;
  refresh(): void;
}

export function useProject(): LiveProject {
  const [project, setProject] = useState<Project | null>(null);
  const [setup, setSetup] = useState<Setup | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [version, setVersion] = useState(0);
  const [connected, setConnected] = useState(true);

  const refresh = useCallback(() => {
    api.project().then((loaded) => {
      if ('setup' in loaded) return setSetup(loaded.setup);
      setProject(loaded);
      setError(null);
      setVersion((count) => count + 1);
    }, setError);
  }, []);

  useEffect(refresh, [refresh]);
  const there = project !== null;
  useEffect(() => {
    if (!there) return;
    const events = new EventSource('/api/events');
    let [total, known] = [-1, -1];
    const onProgress = ({ data }: MessageEvent<string>) => {
      const progress = JSON.parse(data) as Progress;
      setProject((before) => before && { ...before, progress });
      // Families go on many times while a clip stays as it is.
      if (progress.version !== known) setVersion((count) => count + 1);
      known = progress.version;
      // New clips bring new sites, and the end of a run its warnings.
      if (progress.total !== total || progress.stage === 'idle') refresh();
      total = progress.total;
    };
    events.addEventListener('progress', onProgress);
    events.addEventListener('review', refresh);
    events.addEventListener('reset', refresh);
    events.onopen = () => setConnected(true);
    events.onerror = () => setConnected(false);
    return () => events.close();
  }, [refresh, there]);

  return { project, setup, error, version, connected, refresh };
}

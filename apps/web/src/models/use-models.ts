import { useCallback, useEffect, useState } from 'react';
import type { OwnModels } from '@primatrix/review-api';
import { modelsApi } from './models-api.ts';

/** How often a running training is asked how far it is. */
const everyMs = 1000;

/** Models of the project, kept up to date: by what happens to clips, and while one is trained by asking. */
export interface LiveModels {
  /** Null before the first answer. */
  readonly models: OwnModels | null;
  /** A sentence where the last wish was refused; else empty. */
  readonly refused: string;
  /** Asks for a change and takes its answer. */
  ask(wish: () => Promise<OwnModels>): Promise<void>;
}

/**
 * @param version asked again whenever it changes
 * @param offered whether models can be trained here at all
 */
export function useModels(version: number, offered: boolean): LiveModels {
  const [models, setModels] = useState<OwnModels | null>(null);
  const [refused, setRefused] = useState('');
  const ask = useCallback(async (wish: () => Promise<OwnModels>) => {
    try {
      setModels(await wish());
      setRefused('');
    } catch (error) {
      setRefused((error as Error).message);
    }
  }, []);
  const look = useCallback(() => void modelsApi.state().then(setModels, () => undefined), []);
  useEffect(() => void (offered && look()), [look, offered, version]);
  const running = models?.stage === 'running';
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(look, everyMs);
    return () => clearInterval(timer);
  }, [look, running]);
  return { models, refused, ask };
}

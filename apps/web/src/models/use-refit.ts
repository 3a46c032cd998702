import { useCallback, useEffect, useState } from 'react';
import type { Refit } from '@primatrix/review-api';
import { refitApi } from './refit-api.ts';

/** How often a running re-fit is asked how far it is. */
const everyMs = 500;

/** Re-fitting, kept up to date: by what happens to clips, and while it runs by asking. */
export interface LiveRefit {
  /** Null before the first answer. */
  readonly refit: Refit | null;
  /** A sentence where the last wish was refused; else empty. */
  readonly refused: string;
  /** Asks for a change and takes its answer. */
  ask(wish: keyof typeof refitApi): Promise<void>;
}

/**
 * @param version asked again whenever it changes
 * @param offered whether it can be done here at all
 */
export function useRefit(version: number, offered: boolean): LiveRefit {
  const [refit, setRefit] = useState<Refit | null>(null);
  const [refused, setRefused] = useState('');
  const ask = useCallback(async (wish: keyof typeof refitApi) => {
    try {
      setRefit(await refitApi[wish]());
      setRefused('');
    } catch (error) {
      if (wish !== 'state') setRefused((error as Error).message);
    }
  }, []);
  useEffect(() => void (offered && ask('state')), [ask, offered, version]);
  const running = refit?.stage === 'running';
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void ask('state'), everyMs);
    return () => clearInterval(timer);
  }, [ask, running]);
  return { refit, refused, ask };
}

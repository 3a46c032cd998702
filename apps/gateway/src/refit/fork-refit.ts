import { forkChild, type ChildHandle } from '@primatrix/child-process';
import type { FromRefit, RefitSettings } from './refit-messages.ts';

/** A process that fits the second level again. */
export type RefitHandle = Omit<ChildHandle<FromRefit>, 'send'>;

/** Starts it. */
export function forkRefit(settings: RefitSettings): RefitHandle {
  // A native library may be slow to notice; the new bundle appears whole or not at all.
  return forkChild(new URL('./refit-process.js', import.meta.url), { settings, patienceMs: 3000 });
}

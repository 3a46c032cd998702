import { forkChild } from '@primatrix/child-process';
import type { SuggestSettings } from './suggest-messages.ts';
import type { SuggestHandle } from './project-suggestions.ts';

/** Starts the process that suggests. */
export function forkSuggester(settings: SuggestSettings): SuggestHandle {
  return forkChild(new URL('./suggest-process.js', import.meta.url), { settings, patienceMs: 3000 });
}

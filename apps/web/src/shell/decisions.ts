import type { ClipSummary, Decision, DecisionInput, ReviewInput, Undone } from '@primatrix/review-api';
import { api } from './api.ts';
import { tell } from './notice.tsx';
import { selectOnly } from './selection.ts';
import { clipAddress, gridAddress, routeOf } from './use-route.ts';
import { baseName, count } from './words.ts';

/** What a decision about clips says of them. */
export type Deciding = Omit<DecisionInput, 'ids'>;

/** Key that undoes, on all pages. */
export const undoKey = 'z';

const words: Readonly<Record<Decision, string>> = {
  accepted: 'accepted',
  corrected: 'corrected',
  blank: 'blank',
  unsure: 'unsure',
  open: 'not decided',
};

/** Keeps what is said of one clip; the message stays over the step to the next one. @param rest what else is to be said */
export async function decideOne(
  { id, filename }: Pick<ClipSummary, 'id' | 'filename'>,
  input: ReviewInput,
  rest = '',
): Promise<void> {
  const { decision, species, act } = await api.review(id, input);
  const named = decision === 'accepted' || decision === 'corrected' ? species.join(', ') : words[decision];
  tell({ says: `${baseName(filename)}: ${named}.${rest}`, key: undoKey, undo: () => undoAct(act) });
}

/** Keeps one decision about many clips. @param of the clip's name, where it is one alone */
export async function decideMany(ids: Iterable<string>, input: Deciding, of?: string): Promise<void> {
  const { act, changed, passed, expectedWrong } = await api.decide({ ids: [...ids], ...input });
  const clips = of ?? count(changed, 'clip');
  const said =
    input.decision === undefined
      ? `Note saved for ${clips}`
      : `${clips}: ${input.species === undefined || input.species.length === 0 ? words[input.decision] : input.species.join(', ')}`;
  tell({
    says: [
      `${said}.`,
      ...(passed > 0 ? [`${count(passed, 'clip')} without a prediction: not changed.`] : []),
      ...(expectedWrong === null ? [] : [`About ${aboutWrong(expectedWrong)} of them will be wrong.`]),
    ].join(' '),
    key: undoKey,
    ...(changed > 0 ? { undo: () => undoAct(act) } : {}),
  });
}

/** 3.4 → `3`; what is nearly none is not rounded to none. */
export function aboutWrong(clips: number): string {
  return clips > 0 && clips < 1 ? 'less than 1' : Math.round(clips).toLocaleString('en');
}

/** Who is told which clip to show, and whether it can. */
type Shower = (id: string) => Promise<boolean>;
let shower: Shower | null = null;

/** A page that shows clips without leaving it; null: none does. */
export function showClipsHere(show: Shower | null): void {
  shower = show;
}

/** Undoes a decision of this browser, the last one unless another is named, and shows what it was about. */
export async function undoAct(act?: string): Promise<void> {
  const undone = await api.undo(act);
  const { clips, about } = undone;
  tell({ says: clips.length === 0 ? 'There is no decision of yours to undo.' : undoneWords(undone) });
  // Where and when clips were taken is seen where one is.
  if (clips.length === 0 || about === 'setting') return;
  const [only = ''] = clips;
  const { filter } = routeOf(location.hash);
  if (clips.length === 1) {
    if ((await shower?.(only)) !== true) location.hash = clipAddress(only, filter);
    return;
  }
  selectOnly(clips);
  location.hash = gridAddress(filter);
}

function undoneWords({ about, decision, clips, kept }: Undone): string {
  const of = decision !== null ? `“${words[decision]}”` : about === 'note' ? 'the note' : 'site, time or place';
  const rest = kept > 0 ? ` ${count(kept, 'clip')} decided again since: not changed.` : '';
  return `Undone: ${of} for ${count(clips.length, 'clip')}.${rest}`;
}

/** Undoes the last decision; where there is none, that is said. */
export function undoLast(): void {
  undoAct().catch((error: Error) => tell({ says: sentence(error.message) }));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

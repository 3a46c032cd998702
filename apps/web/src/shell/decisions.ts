import type { ClipSummary, DecisionInput, ReviewInput, Undone } from '@primatrix/review-api';
import { api } from './api.ts';
import { tell } from './notice.tsx';
import { selectOnly } from './selection.ts';
import { clipAddress, gridAddress, routeOf } from './use-route.ts';
import { say } from '../language/language.ts';
import { baseName, speciesList } from './words.ts';

/** What a decision about clips says of them. */
export type Deciding = Omit<DecisionInput, 'ids'>;

/** Key that undoes, on all pages. */
export const undoKey = 'z';

/** Keeps what is said of one clip; the message stays over the step to the next one. @param rest what else is to be said */
export async function decideOne(
  { id, filename }: Pick<ClipSummary, 'id' | 'filename'>,
  input: ReviewInput,
  rest = '',
): Promise<void> {
  const { decision, species, act } = await api.review(id, input);
  const named =
    decision === 'accepted' || decision === 'corrected' ? speciesList(species) : say.names.decisions[decision];
  const says = `${say.shell.decided(baseName(filename), named)}${rest}`;
  tell({ says, key: undoKey, undo: () => undoAct(act) });
}

/** Keeps one decision about many clips. @param of the clip's name, where it is one alone */
export async function decideMany(ids: Iterable<string>, input: Deciding, of?: string): Promise<void> {
  const { act, changed, passed, expectedWrong } = await api.decide({ ids: [...ids], ...input });
  const clips = of ?? say.counts.clips(changed);
  const { decision, species = [] } = input;
  const said =
    decision === undefined
      ? say.shell.noteSaved(clips)
      : say.shell.decided(clips, species.length === 0 ? say.names.decisions[decision] : speciesList(species));
  tell({
    says: [
      said,
      ...(passed > 0 ? [say.shell.withoutPrediction(passed)] : []),
      ...(expectedWrong === null ? [] : [say.shell.expectedWrong(aboutWrong(expectedWrong))]),
    ].join(' '),
    key: undoKey,
    ...(changed > 0 ? { undo: () => undoAct(act) } : {}),
  });
}

/** 3.4 → `3`; what is nearly none is not rounded to none. */
export function aboutWrong(clips: number): string {
  return clips > 0 && clips < 1 ? say.shell.lessThanOne : say.number(Math.round(clips));
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
  tell({ says: clips.length === 0 ? say.shell.nothingToUndo : undoneWords(undone) });
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
  const { shell, names } = say;
  const of =
    decision !== null ? shell.quoted(names.decisions[decision]) : about === 'note' ? shell.theNote : shell.theSetting;
  const undone = shell.undone(of, clips.length);
  return kept > 0 ? `${undone} ${shell.decidedSince(kept)}` : undone;
}

/** Undoes the last decision; where there is none, that is said. */
export function undoLast(): void {
  undoAct().catch((error: Error) => tell({ says: sentence(error.message) }));
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

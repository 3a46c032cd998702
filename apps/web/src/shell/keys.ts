import { useSyncExternalStore } from 'react';

/** All keys, as they usually are, and what they do; those that stand for one letter or sign can be changed. */
export const keyTable = [
  { key: 'a', does: 'accept the most probable species', own: true },
  { key: 'e', does: 'take what reviewed clips suggest', own: true },
  { key: '1 … 9', does: 'select a species; several may be selected' },
  { key: '/', does: 'name another species', own: true },
  { key: 'd', does: 'count, life stage, sex, behaviour, times', own: true },
  { key: 'Enter', does: 'save what is selected, else accept' },
  { key: 'b', does: 'blank', own: true },
  { key: 'u', does: 'unsure', own: true },
  { key: 't', does: 'write a note', own: true },
  { key: 's', does: 'set site and capture time', own: true },
  { key: 'z', does: 'undo your last decision, wherever you are', own: true },
  { key: 'n', does: 'next clip', own: true },
  { key: 'p', does: 'previous clip', own: true },
  { key: 'space', does: 'play or pause' },
  { key: '← →', does: 'a second back or forward' },
  { key: 'j', does: 'jump to the next detection', own: true },
  { key: 'o', does: 'show or hide the boxes of detections', own: true },
  { key: 'r', does: 'retry: analyse the clip again, once its file was replaced', own: true },
  { key: 'x', does: 'select the clip, in the grid', own: true },
  { key: 'Del', does: 'remove the clip from the project' },
  { key: 'g', does: 'back to all clips; so does Esc', own: true },
  { key: '?', does: 'this list', own: true },
] as const satisfies readonly { readonly key: string; readonly does: string; readonly own?: true }[];

const storage = 'primatrix-keys';
/** Signs that mean something else where clips are decided or selected. */
const taken = /^[\d\s*X]$/;
const isSign = (key: string) => [...key].length === 1 && !taken.test(key);

/** Keys of this browser, by what they usually are. */
type OwnKeys = Readonly<Record<string, string>>;

let ownKeys: OwnKeys = read();
const listeners = new Set<() => void>();

function read(): OwnKeys {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storage) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const changeable = new Set<string>(keyTable.filter((row) => 'own' in row).map(({ key }) => key));
    return Object.fromEntries(
      Object.entries(kept).filter(([usual, key]) => changeable.has(usual) && typeof key === 'string' && isSign(key)),
    ) as OwnKeys;
  } catch {
    // Whatever stands there, or where nothing may be kept: the usual keys.
    return {};
  }
}

/** The key that does in this browser what `usual` does in others. */
export function keyOf(usual: string): string {
  return ownKeys[usual] ?? usual;
}

/** What a key that was pressed usually is; undefined where it does nothing any more. */
export function usualKeyOf(pressed: string): string | undefined {
  const own = Object.entries(ownKeys).find(([, key]) => key === pressed);
  if (own !== undefined) return own[0];
  return pressed in ownKeys ? undefined : pressed;
}

/** Changes a key, for this browser. @returns why not, as a sentence; null where it is changed */
export function changeKey(usual: string, key: string): string | null {
  if (!isSign(key)) return 'Press a single letter or sign that is no digit.';
  const before = usualKeyOf(key);
  const other = keyTable.find((row) => row.key === before && row.key !== usual);
  if (other !== undefined) return `“${key}” is in use: ${other.does}.`;
  const others = Object.fromEntries(Object.entries(ownKeys).filter(([one]) => one !== usual));
  keep(key === usual ? others : { ...others, [usual]: key });
  return null;
}

/** Gives all keys back what they usually do. */
export function resetKeys(): void {
  keep({});
}

function keep(keys: OwnKeys): void {
  ownKeys = keys;
  try {
    localStorage.setItem(storage, JSON.stringify(keys));
  } catch {
    // A browser that keeps nothing has them until it is reloaded.
  }
  listeners.forEach((tell) => tell());
}

/** The keys of this browser; what shows them is drawn again when one changes. */
export function useKeys(): OwnKeys {
  return useSyncExternalStore(
    (tell) => (listeners.add(tell), () => void listeners.delete(tell)),
    () => ownKeys,
  );
}

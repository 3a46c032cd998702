import { useSyncExternalStore } from 'react';
import type { Texts } from '../language/en/index.ts';
import { say } from '../language/language.ts';

/** All keys, as they usually are, and those of them that can be changed; what they do is said in each language. */
export const keyTable = [
  { key: 'a', own: true },
  { key: 'e', own: true },
  { key: '1 … 9' },
  { key: '/', own: true },
  { key: 'd', own: true },
  { key: 'Enter' },
  { key: 'b', own: true },
  { key: 'u', own: true },
  { key: 't', own: true },
  { key: 's', own: true },
  { key: 'z', own: true },
  { key: 'n', own: true },
  { key: 'p', own: true },
  { key: 'space' },
  { key: '← →' },
  { key: 'j', own: true },
  { key: 'o', own: true },
  { key: 'r', own: true },
  { key: 'x', own: true },
  { key: 'Del' },
  { key: 'g', own: true },
  { key: '?', own: true },
] as const satisfies readonly { readonly key: keyof Texts['keys']['does']; readonly own?: true }[];

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
  if (!isSign(key)) return say.keys.noSign;
  const before = usualKeyOf(key);
  const other = keyTable.find((row) => row.key === before && row.key !== usual);
  if (other !== undefined) return say.keys.inUse(key, say.keys.does[other.key]);
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

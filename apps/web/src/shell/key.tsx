import { keyOf, useKeys } from './keys.ts';

/** A key as it is in this browser. @param props.of what it usually is */
export function Key({ of }: { readonly of: string }) {
  useKeys();
  return <kbd>{keyOf(of)}</kbd>;
}

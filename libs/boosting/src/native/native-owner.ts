import type { NativeHandle } from './native-handle.ts';

/** An object that lives as long as its handle: a binding's dataset or booster. */
export abstract class NativeOwner<Name extends string> implements Disposable {
  /** @internal */
  readonly handle: NativeHandle<Name>;

  protected constructor(handle: NativeHandle<Name>) {
    this.handle = handle;
  }

  /** Frees the native memory, after any training or prediction that still uses it. Safe to call twice. */
  dispose(): void {
    this.handle.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

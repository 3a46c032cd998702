export {};

declare global {
  /** The part of Node's WebAssembly that this package uses; its full types come only with the browser's. */
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Memory {
      readonly buffer: ArrayBuffer;
      constructor(size: { initial: number });
    }
    class Instance {
      readonly exports: Readonly<Record<string, unknown>>;
      constructor(module: Module, imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>);
    }
  }
}

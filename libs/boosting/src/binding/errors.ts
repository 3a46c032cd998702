/** Makes a binding's own errors, so that code which several bindings share fails in the words and classes of the one that uses it. */
export interface ErrorMakers {
  /** An argument that cannot be right; `argument` names it. */
  input(argument: string, message: string, hint?: string): Error;
  /** The native library refused or failed: the C function, and the library's own words. */
  native(call: string, reason: string, options?: ErrorOptions): Error;
  /** Use of something that was disposed of. */
  disposed(what: string): Error;
}

/** A value on its way through the net. `shape` is always without the batch and with channels last. */
export interface Value {
  readonly id: string;
  readonly shape: readonly number[];
  /** The tensor lies in memory as [n, channels, …space] instead of [n, …space, channels]. */
  readonly channelsFirst: boolean;
}

/** Work that is done one piece after the other, in the order in which it comes: what each has looked at still holds when it acts. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Does work after all that came before it, whether or not that failed. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Settles when all is done that has come so far. */
  async over(): Promise<void> {
    await this.#last;
  }
}

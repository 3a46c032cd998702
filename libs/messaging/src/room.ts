/** A bounded number of places; those who want one while all are taken wait their turn. */
export class Room {
  private readonly capacity: number;
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(capacity: number) {
    this.capacity = capacity;
    this.free = capacity;
  }

  /** Places that are taken. */
  get taken(): number {
    return this.capacity - this.free;
  }

  /** Takes a place whether there is one or not: for what is already inside. */
  force(): void {
    this.free--;
  }

  /** Takes a place, waiting for it; false when there was none in time. */
  async take(limitMs: number): Promise<boolean> {
    if (this.free > 0) {
      this.free--;
      return true;
    }
    return new Promise((resolve) => {
      const turn = () => {
        clearTimeout(timer);
        this.free--;
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        resolve(false);
      }, limitMs);
      this.waiting.push(turn);
    });
  }

  give(): void {
    this.free++;
    if (this.free > 0) this.waiting.shift()?.();
  }
}

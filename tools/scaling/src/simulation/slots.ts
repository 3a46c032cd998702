/** A number of places that are taken and given back; who finds none waits its turn. */
export class Slots {
  private free: number;
  private readonly waiting: (() => void)[] = [];
  private head = 0;

  constructor(count: number) {
    this.free = count;
  }

  take(then: () => void): void {
    if (this.free === 0) return void this.waiting.push(then);
    this.free--;
    then();
  }

  give(): void {
    const next = this.waiting[this.head];
    if (next === undefined) return void this.free++;
    this.head++;
    if (this.head > 1024 && this.head * 2 > this.waiting.length) {
      this.waiting.splice(0, this.head);
      this.head = 0;
    }
    next();
  }
}

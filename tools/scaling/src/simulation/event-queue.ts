/** What happens next, in the order of a virtual clock; at the same time, in the order in which it was planned. */
export class EventQueue {
  private readonly times: number[] = [];
  private readonly orders: number[] = [];
  private readonly actions: (() => void)[] = [];
  private planned = 0;
  private clock = 0;

  /** Virtual seconds since the beginning. */
  get now(): number {
    return this.clock;
  }

  /** Plans an action `seconds` from now. */
  after(seconds: number, action: () => void): void {
    const { times, orders, actions } = this;
    const time = this.clock + seconds;
    const order = this.planned++;
    let place = times.length;
    // Up the heap.
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((times[parent] as number) <= time) break;
      this.move(parent, place);
      place = parent;
    }
    times[place] = time;
    orders[place] = order;
    actions[place] = action;
  }

  /** Lets everything happen, or stops once `over` says so. */
  run(over: () => boolean = () => false): void {
    while (this.times.length > 0 && !over()) this.step();
  }

  private step(): void {
    const { times, orders, actions } = this;
    const action = actions[0] as () => void;
    this.clock = times[0] as number;
    const time = times.pop() as number;
    const order = orders.pop() as number;
    const last = actions.pop() as () => void;
    const size = times.length;
    if (size > 0) {
      let place = 0;
      // Down the heap.
      for (;;) {
        let child = 2 * place + 1;
        if (child >= size) break;
        if (child + 1 < size && this.before(child + 1, child)) child++;
        if ((times[child] as number) > time || (times[child] === time && (orders[child] as number) > order)) break;
        this.move(child, place);
        place = child;
      }
      times[place] = time;
      orders[place] = order;
      actions[place] = last;
    }
    action();
  }

  private before(a: number, b: number): boolean {
    const [x, y] = [this.times[a] as number, this.times[b] as number];
    return x < y || (x === y && (this.orders[a] as number) < (this.orders[b] as number));
  }

  private move(from: number, to: number): void {
    this.times[to] = this.times[from] as number;
    this.orders[to] = this.orders[from] as number;
    this.actions[to] = this.actions[from] as () => void;
  }
}

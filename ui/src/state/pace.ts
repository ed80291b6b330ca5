// When something that may have changed is asked for again: one question at a time, and after a dear answer a longer rest,
// so that looking at a million files leaves the program free to work on them.

/** A rest is this many times as long as its answer took. */
const REST = 3;
const LONGEST_REST_MS = 5000;

type Ask = () => Promise<unknown>;

export class Pace {
  private free = -Infinity;
  private out: symbol | undefined;
  private waiting: Ask | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `gap`: milliseconds from one question to the next, where answers cost nothing. */
  constructor(private gap: number) {}

  /** Asks as soon as it is time to; one that still waits is replaced. */
  soon(ask: Ask): void {
    this.waiting = ask;
    if (!this.out) this.arrange();
  }

  /** Another subject: it is asked about at once, whatever is still out. */
  reset(): void {
    this.stop();
    this.out = undefined;
    this.free = -Infinity;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting = undefined;
  }

  private arrange(): void {
    clearTimeout(this.timer);
    const wait = this.free - performance.now();
    if (wait <= 0) this.run();
    else this.timer = setTimeout(() => this.run(), wait);
  }

  private run(): void {
    const ask = this.waiting;
    if (!ask) return;
    this.waiting = undefined;
    const began = performance.now();
    const mine = (this.out = Symbol());
    const end = () => {
      if (this.out !== mine) return;
      this.out = undefined;
      const now = performance.now();
      this.free = Math.max(began + this.gap, now + Math.min(LONGEST_REST_MS, REST * (now - began)));
      if (this.waiting) this.arrange();
    };
    ask().then(end, end);
  }
}

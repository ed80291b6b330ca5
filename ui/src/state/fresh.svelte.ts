// Something asked from the program that is asked again when it may have changed, but not more often than it can be read.

export class Fresh<T> {
  value = $state.raw<T | null>(null);
  private key = "";
  private asked = 0;
  private shown = 0;
  private last = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private gap = 500) {}

  /** Asks when `key` is new. A new `subject` empties the value first and is asked at once. */
  ask(subject: string, version: number | string, load: () => Promise<T>): void {
    const key = `${subject}\u0000${version}`;
    if (key === this.key) return;
    const same = this.key.split("\u0000")[0] === subject;
    this.key = key;
    if (!same) {
      this.value = null;
      this.last = -Infinity;
      this.shown = this.asked;
    }
    clearTimeout(this.timer);
    const wait = Math.max(0, this.last + this.gap - performance.now());
    if (wait === 0) this.run(load);
    else this.timer = setTimeout(() => this.run(load), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private run(load: () => Promise<T>): void {
    this.last = performance.now();
    this.asked += 1;
    const mine = this.asked;
    load().then(
      (value) => {
        // Answers may overtake each other; an older one never replaces a newer one.
        if (mine <= this.shown) return;
        this.shown = mine;
        this.value = value;
      },
      () => {},
    );
  }
}

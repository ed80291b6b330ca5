// Something asked from the program that is asked again when it may have changed, but not more often than it can be read.

import { Pace } from "./pace";

export class Fresh<T> {
  value = $state.raw<T | null>(null);
  private key = "";
  private asked = 0;
  private shown = 0;
  private pace: Pace;

  constructor(gap = 500) {
    this.pace = new Pace(gap);
  }

  /** Asks when `key` is new. A new `subject` empties the value first and is asked at once. */
  ask(subject: string, version: number | string, load: () => Promise<T>): void {
    const key = `${subject}\u0000${version}`;
    if (key === this.key) return;
    const same = this.key.split("\u0000")[0] === subject;
    this.key = key;
    if (!same) {
      this.value = null;
      this.shown = this.asked;
      this.pace.reset();
    }
    this.pace.soon(() => this.run(load));
  }

  stop(): void {
    this.pace.stop();
  }

  private async run(load: () => Promise<T>): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const value = await load();
    // Answers may overtake each other; an older one never replaces a newer one.
    if (mine <= this.shown) return;
    this.shown = mine;
    this.value = value;
  }
}

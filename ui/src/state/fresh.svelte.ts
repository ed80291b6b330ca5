// Something asked from the program that is asked again when it may have changed, but not more often than it can be read.

import { Pace } from "./pace";

/** The last answer, for a view that comes back to what has not changed since. */
export interface Kept<T> {
  key: string;
  value: T | null;
}

export class Fresh<T> {
  value = $state.raw<T | null>(null);
  private key = "";
  private asked = 0;
  private shown = 0;
  private pace: Pace;

  constructor(gap = 500, private kept: Kept<T> = { key: "", value: null }) {
    this.pace = new Pace(gap);
  }

  /** Asks when the version is new. A new `subject` is asked at once; until then there is what was kept of this version, or nothing. */
  ask(subject: string, version: number | string, load: () => Promise<T>): void {
    const key = `${subject}\u0000${version}`;
    if (key === this.key) return;
    const same = this.key.split("\u0000")[0] === subject;
    this.key = key;
    if (!same) {
      this.value = this.kept.key === key ? this.kept.value : null;
      this.shown = this.asked;
      this.pace.reset();
    }
    this.pace.soon(() => this.run(load, key));
  }

  stop(): void {
    this.pace.stop();
  }

  private async run(load: () => Promise<T>, key: string): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    const value = await load();
    // Answers may overtake each other; an older one never replaces a newer one.
    if (mine <= this.shown) return;
    this.shown = mine;
    this.value = value;
    Object.assign(this.kept, { key, value });
  }
}

// The open manifest as the window knows it: asked for again while something goes on, seldom while nothing does.
import { asTrouble, type Trouble } from "../bridge/bridge";
import type { BenchView } from "../bridge/wire";
import { say } from "../words/say";
import { store } from "./store.svelte";

const BUSY_MS = 200;
/** A file that is changed by somebody else is noticed this late at most. */
const QUIET_MS = 2000;

export class OpenBench {
  view = $state.raw<BenchView | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private gone = false;
  private asked = 0;

  constructor(readonly id: string) {
    void this.look();
  }

  /** Something that changes it; what it says of itself is asked for at once. */
  async act(work: () => Promise<unknown>): Promise<boolean> {
    const went = await store.try(work);
    await this.look();
    return went;
  }

  stop(): void {
    this.gone = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    clearTimeout(this.timer);
    const mine = ++this.asked;
    try {
      const view = await store.bridge.benchView(this.id);
      if (this.gone || mine !== this.asked) return;
      this.hear(view);
      this.trouble = null;
    } catch (thrown) {
      if (this.gone || mine !== this.asked) return;
      this.trouble = asTrouble(thrown);
    }
    this.timer = setTimeout(() => void this.look(), this.view?.work ? BUSY_MS : QUIET_MS);
  }

  private hear(view: BenchView): void {
    const before = this.view;
    if (before?.check === "running" && view.check === "whole") store.announce(say("bench-hear-checked", { rows: view.rows, blocked: view.blocked, warned: view.warned }));
    // The same again is no news: rows are not asked for a second time.
    if (before && JSON.stringify(before) === JSON.stringify(view)) return;
    this.view = view;
  }
}

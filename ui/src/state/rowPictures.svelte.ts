// Pictures of the rows in sight: a few are asked for at once, those in sight first, and what scrolled away is forgotten.
import { SvelteMap } from "svelte/reactivity";
import type { BenchNoPicture } from "../bridge/wire";
import { store } from "./store.svelte";

/** A picture, or why there is none. */
export type RowPicture = { url: string } | BenchNoPicture;

/** Twice the side at which they are shown. */
const SIDE = 96;
const AT_ONCE = 4;
const KEPT = 400;

export class RowPictures {
  private known = new SvelteMap<number, RowPicture>();
  private wanted: number[] = [];
  private asked = new Set<number>();
  private generation = 0;

  constructor(private bench: string) {}

  of(row: number): RowPicture | undefined {
    return this.known.get(row);
  }

  /** These rows are in sight, the uppermost first. */
  want(rows: number[]): void {
    this.wanted = rows;
    this.go();
  }

  /** Rows may name something else now. */
  forget(): void {
    this.generation += 1;
    this.asked.clear();
    for (const row of [...this.known.keys()]) this.drop(row);
    this.go();
  }

  stop(): void {
    this.wanted = [];
    this.forget();
  }

  private go(): void {
    for (const row of this.wanted) {
      if (this.asked.size >= AT_ONCE) return;
      if (!this.known.has(row) && !this.asked.has(row)) void this.ask(row);
    }
  }

  private async ask(row: number): Promise<void> {
    const mine = this.generation;
    this.asked.add(row);
    const got = await store.bridge.benchPicture(this.bench, row, SIDE).catch(() => null);
    if (mine !== this.generation) return;
    this.asked.delete(row);
    if (got) this.keep(row, got instanceof ArrayBuffer ? { url: URL.createObjectURL(new Blob([got])) } : got);
    else this.wanted = this.wanted.filter((one) => one !== row);
    this.go();
  }

  private keep(row: number, picture: RowPicture): void {
    this.known.set(row, picture);
    for (const old of this.known.keys()) {
      if (this.known.size <= KEPT) return;
      if (!this.wanted.includes(old)) this.drop(old);
    }
  }

  private drop(row: number): void {
    const picture = this.known.get(row);
    if (picture && "url" in picture) URL.revokeObjectURL(picture.url);
    this.known.delete(row);
  }
}

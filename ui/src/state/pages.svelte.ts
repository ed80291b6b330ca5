// A list of any length, read from the program a page at a time: only what is looked at is asked for, and little of it is kept.

import { Pace } from "./pace";

export interface Page<Row> {
  total: number;
  rows: Row[];
  /** Which rows there are may have changed since this list was made. */
  late?: boolean;
}

type Ask<Row> = (first: number, count: number) => Promise<Page<Row>>;

/** Pages that are kept. */
const KEPT = 24;
/** Rows that are asked for before anybody knows how many fit. */
const FIRST: [number, number] = [0, 40];

export class Pages<Row> {
  total = $state(0);
  /** The program has answered once. */
  known = $state(false);
  private kept = $state.raw<ReadonlyMap<number, Row[]>>(new Map());
  private ask: Ask<Row> = () => Promise.resolve({ total: 0, rows: [] });
  private range: [number, number] = FIRST;
  private generation = 0;
  private stale = new Set<number>();
  private asked = new Set<number>();
  private pace: Pace;

  /** `size`: rows of a page. `gap`: milliseconds between two looks at what may have changed. */
  constructor(private size: number, gap: number, private onfail: () => void = () => {}) {
    this.pace = new Pace(gap);
  }

  /** The row at a place, from 0; none while it is not there yet. */
  at(index: number): Row | undefined {
    return this.kept.get(Math.floor(index / this.size))?.[index % this.size];
  }

  /** The place of a row among those that are here; -1 when it is not. */
  find(test: (row: Row) => boolean): number {
    for (const [page, rows] of this.kept) {
      const found = rows.findIndex(test);
      if (found >= 0) return page * this.size + found;
    }
    return -1;
  }

  /** Another list from its beginning. `total` stands until its own is known. */
  begin(ask: Ask<Row>, total: number): void {
    this.generation += 1;
    this.ask = ask;
    this.kept = new Map();
    this.asked = new Set();
    this.stale = new Set();
    this.known = false;
    this.total = total;
    this.range = FIRST;
    this.pace.reset();
    void this.need();
  }

  /** These places are looked at. */
  see(first: number, end: number): void {
    this.range = [first, end];
    void this.need();
  }

  /** Rows may look different now: those that are looked at are asked for again, soon. */
  changed(): void {
    this.pace.soon(() => {
      this.stale = new Set(this.kept.keys());
      return this.need();
    });
  }

  stop(): void {
    this.pace.stop();
  }

  private need(): Promise<unknown> {
    const loads: Promise<void>[] = [];
    for (let page = Math.floor(this.range[0] / this.size); page * this.size < Math.max(1, this.range[1]); page += 1) {
      if (!this.asked.has(page) && (!this.kept.has(page) || this.stale.has(page))) loads.push(this.load(page));
    }
    return Promise.all(loads);
  }

  private load(page: number): Promise<void> {
    // An answer about the list before this one is no answer.
    const mine = this.generation;
    this.asked.add(page);
    this.stale.delete(page);
    return this.ask(page * this.size, this.size).then(
      (answer) => {
        if (mine !== this.generation) return;
        this.asked.delete(page);
        this.total = answer.total;
        this.known = true;
        const next = new Map(this.kept);
        next.delete(page);
        next.set(page, answer.rows);
        for (const old of next.keys()) if (next.size > KEPT) next.delete(old);
        this.kept = next;
        if (answer.late) this.changed();
      },
      () => {
        if (mine !== this.generation) return;
        this.asked.delete(page);
        this.onfail();
      },
    );
  }
}

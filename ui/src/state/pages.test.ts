import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pages, type Page } from "./pages.svelte";

/** A list whose pages come when the test lets them come. */
class Slow {
  asked: number[] = [];
  late = false;
  private waiting: Array<(mark: string) => void> = [];
  constructor(private total: number) {}

  ask = (first: number, count: number): Promise<Page<string>> => {
    this.asked.push(first);
    return new Promise((come) => this.waiting.push((mark) => come({ total: this.total, late: this.late, rows: Array.from({ length: Math.max(0, Math.min(count, this.total - first)) }, (_, at) => `${mark}${first + at}`) })));
  };

  async come(mark = ""): Promise<void> {
    this.waiting.splice(0).forEach((come) => come(mark));
    await vi.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("pages of a list", () => {
  test("only what is looked at is asked for, and a page once", async () => {
    const list = new Slow(5_000_000);
    const pages = new Pages<string>(100, 500);
    pages.begin(list.ask, 0);
    pages.see(0, 30);
    expect(list.asked).toEqual([0]);
    await list.come();
    expect([pages.total, pages.at(7), pages.at(100)]).toEqual([5_000_000, "7", undefined]);
    pages.see(2_499_990, 2_500_020);
    pages.see(2_499_990, 2_500_020);
    expect(list.asked).toEqual([0, 2_499_900, 2_500_000]);
    await list.come();
    expect([pages.at(2_499_999), pages.find((row) => row === "2500001")]).toEqual(["2499999", 2_500_001]);
    pages.stop();
  });

  test("little is kept, however far one goes", async () => {
    const list = new Slow(1_000_000);
    const pages = new Pages<string>(100, 500);
    pages.begin(list.ask, 0);
    for (let at = 0; at < 100; at += 1) {
      pages.see(at * 100, at * 100 + 10);
      await list.come();
    }
    expect([pages.at(0), pages.at(9_900)]).toEqual([undefined, "9900"]);
  });

  test("an answer about the list before is no answer, and its failure is none of ours", async () => {
    const [before, now] = [new Slow(3), new Slow(9)];
    const failed = vi.fn();
    const pages = new Pages<string>(100, 500, failed);
    pages.begin(before.ask, 0);
    pages.begin(() => Promise.reject(new Error("gone")), 0);
    pages.begin(now.ask, 3);
    await before.come("old ");
    expect([pages.known, pages.total, pages.at(0)]).toEqual([false, 3, undefined]);
    await now.come();
    expect([pages.known, pages.total, pages.at(0), failed.mock.calls.length]).toEqual([true, 9, "0", 0]);
  });

  test("what may have changed is asked for again, no more often than it can be read, and stays until then", async () => {
    const list = new Slow(50);
    const pages = new Pages<string>(100, 500);
    pages.begin(list.ask, 0);
    await list.come("a");
    pages.changed();
    await vi.advanceTimersByTimeAsync(0);
    expect([list.asked.length, pages.at(3)]).toEqual([2, "a3"]);
    await list.come("b");
    for (let more = 0; more < 20; more += 1) pages.changed();
    await vi.advanceTimersByTimeAsync(300);
    expect([list.asked.length, pages.at(3)]).toEqual([2, "b3"]);
    await vi.advanceTimersByTimeAsync(300);
    expect(list.asked.length).toBe(3);
  });

  test("a list that is a little late is asked for again until it is not", async () => {
    const list = new Slow(50);
    const pages = new Pages<string>(100, 500);
    pages.begin(list.ask, 0);
    list.late = true;
    pages.changed();
    await list.come("a");
    list.late = false;
    await vi.advanceTimersByTimeAsync(600);
    await list.come("b");
    expect([list.asked.length, pages.at(3)]).toEqual([2, "b3"]);
    await vi.advanceTimersByTimeAsync(5000);
    expect(list.asked.length).toBe(2);
  });
});

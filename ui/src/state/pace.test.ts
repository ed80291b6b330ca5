import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Pace } from "./pace";

/** A program that takes `cost` milliseconds for an answer. */
class Program {
  asked: number[] = [];
  most = 0;
  private out = 0;
  constructor(public cost: number) {}

  ask = async (): Promise<void> => {
    this.asked.push(performance.now());
    this.out += 1;
    this.most = Math.max(this.most, this.out);
    await new Promise((done) => setTimeout(done, this.cost));
    this.out -= 1;
  };
}

/** News every 100 ms for that long. */
async function news(pace: Pace, program: Program, ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 100) {
    pace.soon(program.ask);
    await vi.advanceTimersByTimeAsync(100);
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("how often the program is asked", () => {
  test("cheap answers are asked for as often as they can be read", async () => {
    const [pace, program] = [new Pace(500), new Program(2)];
    await news(pace, program, 10_000);
    // Both ends count.
    expect(program.asked.length).toBe(21);
  });

  test("dear answers are never asked for twice at a time, and leave the program three quarters of its time", async () => {
    const [pace, program] = [new Pace(400), new Program(1000)];
    await news(pace, program, 40_000);
    expect([program.most, program.asked.length]).toEqual([1, 11]);
  });

  test("the last news is always asked about, also when it came while an answer was out", async () => {
    const [pace, program] = [new Pace(400), new Program(3000)];
    pace.soon(program.ask);
    await vi.advanceTimersByTimeAsync(1000);
    pace.soon(program.ask);
    expect(program.asked.length).toBe(1);
    await vi.advanceTimersByTimeAsync(2000 + 5000);
    expect(program.asked.length).toBe(2);
  });

  test("another subject waits for nothing, and a failure is no end", async () => {
    const [pace, program] = [new Pace(400), new Program(3000)];
    pace.soon(program.ask);
    pace.reset();
    pace.soon(() => Promise.reject(new Error("gone")));
    await vi.advanceTimersByTimeAsync(400);
    pace.soon(program.ask);
    expect(program.asked.length).toBe(2);
  });
});

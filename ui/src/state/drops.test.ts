import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Drops } from "./drops";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function drops() {
  const refuse = vi.fn();
  return { refuse, drops: new Drops(refuse, () => Date.now()) };
}

test("text is refused at once", () => {
  const { refuse, drops: one } = drops();
  one.saw(false);
  expect(refuse).toHaveBeenCalledTimes(1);
});

test("files are the program's to take; when it says nothing they are refused", () => {
  const { refuse, drops: one } = drops();
  one.saw(true);
  vi.advanceTimersByTime(200);
  one.told();
  vi.advanceTimersByTime(1000);
  expect(refuse).not.toHaveBeenCalled();
  one.saw(true);
  vi.advanceTimersByTime(1000);
  expect(refuse).toHaveBeenCalledTimes(1);
});

test("a drop that the program told of already is not refused afterwards", () => {
  const { refuse, drops: one } = drops();
  one.told();
  vi.advanceTimersByTime(100);
  one.saw(false);
  expect(refuse).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  one.saw(false);
  expect(refuse).toHaveBeenCalledTimes(1);
});

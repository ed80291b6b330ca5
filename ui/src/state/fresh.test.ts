import { expect, test } from "vitest";
import { Fresh, type Kept } from "./fresh.svelte";

test("a view that comes back shows the last answer at once when nothing changed since, and asks again", async () => {
  const kept: Kept<string> = { key: "", value: null };
  const first = new Fresh<string>(1, kept);
  first.ask("upload", 4, () => Promise.resolve("a review"));
  await expect.poll(() => first.value).toBe("a review");

  const back = new Fresh<string>(1, kept);
  let answer: (value: string) => void = () => {};
  back.ask("upload", 4, () => new Promise((resolve) => (answer = resolve)));
  expect(back.value).toBe("a review");
  answer("a newer one");
  await expect.poll(() => back.value).toBe("a newer one");

  for (const [subject, version] of [["upload", 5], ["another", 4]] as const) {
    const other = new Fresh<string>(1, kept);
    other.ask(subject, version, () => new Promise(() => {}));
    expect(other.value, `${subject} ${version}`).toBeNull();
  }
});

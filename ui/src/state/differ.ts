// Which characters of a value a repair takes away and which it adds.

export interface Stretch {
  kind: "same" | "del" | "ins";
  text: string;
}

/** Values that differ in more than this are shown as a whole: nobody compares them by eye. */
const MOST = 400;

/** The stretches of `before` (same and del) and of `after` (same and ins). */
export function differ(before: string, after: string): { before: Stretch[]; after: Stretch[] } {
  const a = [...before];
  const b = [...after];
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  const middle = walk(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const all: Stretch[] = [{ kind: "same", text: a.slice(0, head).join("") }, ...middle, { kind: "same", text: a.slice(a.length - tail).join("") }];
  return { before: joined(all.filter((one) => one.kind !== "ins")), after: joined(all.filter((one) => one.kind !== "del")) };
}

/** Characters that are shown on either side of a difference. */
const NEAR = 9;

/** The same with long stretches that do not differ cut down to what lies near a difference. */
export function around(parts: ReturnType<typeof differ>): ReturnType<typeof differ> {
  const cut = (all: Stretch[]) =>
    all.map((one, at) => {
      const text = [...one.text];
      const [first, last] = [at === 0, at === all.length - 1];
      const room = (first ? 0 : NEAR) + (last ? 0 : NEAR);
      if (one.kind !== "same" || all.length === 1 || text.length <= room + 1) return one;
      return { ...one, text: `${first ? "" : text.slice(0, NEAR).join("")}…${last ? "" : text.slice(-NEAR).join("")}` };
    });
  return { before: cut(parts.before), after: cut(parts.after) };
}

/** The longest common part, character by character. */
function walk(a: string[], b: string[]): Stretch[] {
  if (a.length > MOST || b.length > MOST) return [{ kind: "del", text: a.join("") }, { kind: "ins", text: b.join("") }];
  const wide = b.length + 1;
  const best = new Uint16Array((a.length + 1) * wide);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      best[i * wide + j] = a[i] === b[j] ? best[(i + 1) * wide + j + 1]! + 1 : Math.max(best[(i + 1) * wide + j]!, best[i * wide + j + 1]!);
    }
  }
  const found: Stretch[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: "same", text: a[i]! });
      i += 1;
      j += 1;
    } else if (j < b.length && (i === a.length || best[i * wide + j + 1]! > best[(i + 1) * wide + j]!)) {
      found.push({ kind: "ins", text: b[j]! });
      j += 1;
    } else {
      found.push({ kind: "del", text: a[i]! });
      i += 1;
    }
  }
  return found;
}

function joined(all: Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const one of all) {
    const last = out.at(-1);
    if (one.text === "") continue;
    if (last?.kind === one.kind) last.text += one.text;
    else out.push({ ...one });
  }
  return out;
}

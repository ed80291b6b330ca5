// What a screen reader hears of an upload, politely: start, each tenth, each cause that needs the person once, the end.
import type { Picture } from "../bridge/wire";
import type { Args } from "../words/say";
import { isLine, open, through } from "./account";

export interface Spoken {
  id: string;
  args: Args;
}

interface Heard {
  phase: string;
  tenth: number;
  causes: Set<string>;
  hold: string;
}

export class Announcer {
  private heard = new Map<string, Heard>();

  /** What is to be said now that this upload looks like this. */
  next(picture: Picture): Spoken[] {
    const known = this.heard.get(picture.upload);
    const files = picture.account.files;
    const done = through(picture);
    const tenth = files > 0 ? Math.floor((done * 10) / files) : 0;
    const hold = picture.hold?.code ?? "";
    if (!known) {
      this.heard.set(picture.upload, { phase: picture.phase, tenth, causes: new Set(), hold });
      return [];
    }
    const said: Spoken[] = [...this.ofPhase(known, picture, done)];
    if (picture.phase === "sending" && tenth > known.tenth && tenth < 10) {
      said.push({ id: "hear-part", args: { percent: `${tenth * 10}`, done, files } });
    }
    if (hold !== "" && hold !== known.hold) said.push({ id: isLine(hold) || hold === "slow_down" ? "hear-hold" : "hear-held", args: { code: hold } });
    known.tenth = Math.max(known.tenth, tenth);
    // A line that comes and goes is told once in an upload: it goes on by itself.
    known.hold = hold || known.hold;
    known.phase = picture.phase;
    return said;
  }

  /** A cause that needs the person, told once in an upload. */
  cause(upload: string, code: string, count: number): Spoken[] {
    const known = this.heard.get(upload);
    if (!known || known.causes.has(code)) return [];
    known.causes.add(code);
    return [{ id: "hear-needs-you", args: { code, count } }];
  }

  private ofPhase(known: Heard, picture: Picture, done: number): Spoken[] {
    if (known.phase === picture.phase) return [];
    const files = picture.account.files;
    const started = ["reading", "review"].includes(known.phase);
    if (picture.phase === "review") return [{ id: "hear-checked", args: { files } }];
    if (picture.phase === "finished") return [{ id: "hear-done", args: { done, files, open: open(picture.account) } }];
    if (picture.phase === "paused") return [{ id: "hear-paused", args: {} }];
    const starts = started && (picture.phase === "planning" || picture.phase === "sending");
    return starts ? [{ id: "hear-start", args: { files } }] : [];
  }
}

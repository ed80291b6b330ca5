// Pictures of uploads for tests.
import type { Account, Phase, Picture } from "../bridge/wire";

export const ZERO: Account = {
  files: 0, bytes: 0, skipped: 0, notes: 0, found: 0, ready: 0, blocked: 0, clash: 0, same: 0, waiting: 0, sending: 0, sent: 0,
  verified: 0, registered: 0, visible: 0, needs_you: 0, set_aside: 0, cancelled: 0, by_size: 0, accepted: 0, bytes_done: 0,
};

export function bare(part: Partial<Picture> = {}): Picture {
  return {
    upload: "u", title: "photos", manifest: false, phase: "reading", account: ZERO, findings: [0, 0, 0], looked: 0, copies_wanted: 0, copies_made: 0, connection: "this-computer", kind: "folder", place: "/home/me/Gantry",
    prefix: "", platform: "", container: "", link: "", rows: 0, same_open: 0, speed: 0, bytes_sent: 0, left: null, seconds: 0, at_once: 0, hold: null, winding_down: false, current: "", revision: 1, created: "2026-11-21T09:00:00Z", finished: "", number: "", ...part,
  };
}

export function picture({ phase, files, done = 0, hold = "" }: { phase: Phase; files: number; done?: number; hold?: string }): Picture {
  const account = { ...ZERO, files, verified: done, waiting: files - done };
  return bare({ phase, account, hold: hold ? { code: hold, detail: "", again: "" } : null });
}

// The books of one upload: every file is in one line, and the lines add up to the files that were given.
import type { Account, Picture } from "../bridge/wire";

/** Files whose content is at the destination, proven by the store's own words. */
export const proven = (a: Account): number => a.verified + a.registered + a.visible + a.same;

/** Rows are registered at a platform too, and only then a file is through. */
export const registers = (p: Picture): boolean => Boolean(p.platform);

/** The platform's own storage takes the bytes: there is no bucket between. */
export const ownStorage = (p: Picture): boolean => registers(p) && p.kind === p.platform;

/** Files whose row the platform has. One that is the same at the store may wait for its row until the upload is finished; rows of a manifest all begin as the same, and the platform has those that do not wait. */
export function registered(p: Picture): number {
  const made = p.account.registered + p.account.visible;
  if (p.phase === "finished") return made + p.account.same;
  return p.manifest && p.rows > 0 ? made + Math.max(0, p.account.same - p.same_open) : made;
}

/** Files for which nothing is left to do: proven, and registered where rows are asked for. */
export const through = (p: Picture): number => (registers(p) ? registered(p) : proven(p.account));

/** Files that the store took, proven or not yet. */
export const arrived = (a: Account): number => proven(a) + a.sent;

/** Bytes that the store confirmed, never fewer than what is proven: a file that was there already was not sent. */
export const sentBytes = (p: Picture): number => Math.min(p.account.bytes, Math.max(p.bytes_sent || 0, p.account.bytes_done));

/** Files that the person must decide about. */
export const open = (a: Account): number => a.needs_you + a.blocked + a.clash;

/** Files that the queue has in hand, or that nobody has approved yet. */
export const ahead = (a: Account): number => a.found + a.ready + a.waiting + a.sending + a.sent;

/** Files for which something is left to do that needs nobody: to be sent, or to be registered. */
export const left = (p: Picture): number => Math.max(0, p.account.files - through(p) - open(p.account) - p.account.set_aside - p.account.cancelled);

export interface Line {
  /** Name of its sentence. */
  id: string;
  /** State whose mark it carries. */
  mark: string;
  count: number;
}

/** The same of rows of a manifest: nothing was sent, so a row is registered, was there, or is not registered yet. */
function rowLines(p: Picture): Line[] {
  const a = p.account;
  const same = registered(p) - a.registered - a.visible;
  const all: Array<Line & { always?: boolean }> = [
    { id: "account-visible", mark: "visible", count: a.visible },
    { id: "account-registered", mark: "registered", count: a.registered, always: a.visible === 0 },
    { id: "account-same", mark: "same", count: same, always: true },
    { id: "account-unregistered", mark: "waiting", count: left(p) },
    { id: "account-needs-you", mark: "needs_you", count: open(a) },
    { id: "account-set-aside", mark: "set_aside", count: a.set_aside, always: true },
    { id: "account-cancelled", mark: "cancelled", count: a.cancelled },
  ];
  return all.filter((line) => line.always || line.count > 0).map(({ id, mark, count }) => ({ id, mark, count }));
}

/** The lines of the account. Lines that say nothing are left out; what needs the person never is. */
export function lines(p: Picture): Line[] {
  const a = p.account;
  const unproven = a.by_size + (a.accepted ?? 0);
  if (p.manifest) return rowLines(p);
  const there: Array<Line & { always?: boolean }> = registers(p)
    ? [
        { id: "account-visible", mark: "visible", count: a.visible },
        { id: "account-registered", mark: "registered", count: a.registered, always: a.visible === 0 },
        { id: "account-unregistered", mark: "verified", count: a.verified },
      ]
    : [
        { id: "account-checksum", mark: "verified", count: a.verified + a.registered + a.visible - unproven, always: true },
        { id: "account-size", mark: "verified", count: a.by_size },
        { id: "account-accepted", mark: "sent", count: a.accepted ?? 0 },
      ];
  const all: Array<Line & { always?: boolean }> = [
    ...there,
    { id: "account-same", mark: "same", count: a.same, always: true },
    { id: "account-ahead", mark: "waiting", count: ahead(a) },
    { id: "account-needs-you", mark: "needs_you", count: open(a) },
    { id: "account-set-aside", mark: "set_aside", count: a.set_aside, always: true },
    { id: "account-cancelled", mark: "cancelled", count: a.cancelled },
  ];
  return all.filter((line) => line.always || line.count > 0).map(({ id, mark, count }) => ({ id, mark, count }));
}

/** What the window's lower edge says about all uploads together: the first that applies. */
export type Doing = "needs" | "offline" | "paused" | "working" | "idle";

/** Codes of the line: the upload waits for it and goes on by itself. */
const LINE = new Set(["offline", "timed_out", "connection_lost", "not_a_store", "server_error"]);

export const isLine = (code: string): boolean => LINE.has(code);

/** Codes of the platform: the bytes go their way all the same. */
const ROWS = new Set(["bad_api_key", "no_such_container", "wrong_container", "integration_invalid", "row_refused", "row_there", "no_web_address"]);

/** What holds the upload is the platform, not the store. */
export const isOfRows = (p: Picture): boolean => registers(p) && p.hold !== null && ROWS.has(p.hold.code);

/** A hold that only a person can end. */
export const isStuck = (p: Picture): boolean => p.hold !== null && !isLine(p.hold.code) && p.hold.code !== "slow_down";

export function doing(pictures: readonly Picture[]): Doing {
  const active = pictures.filter((p) => ["planning", "sending", "paused"].includes(p.phase));
  const unseen = pictures.filter((p) => active.includes(p) || p.phase === "finished");
  if (unseen.some((p) => open(p.account) > 0) || active.some(isStuck)) return "needs";
  if (active.some((p) => p.hold !== null && isLine(p.hold.code))) return "offline";
  if (active.some((p) => p.phase === "paused")) return "paused";
  return active.length > 0 ? "working" : "idle";
}

// Figures as people read them. The same rules as the console: groups of three with a narrow space, decimal bytes.

const GROUP = "\u202f";
const GAP = "\u00a0";
const UNITS = ["kB", "MB", "GB", "TB", "PB"];

/** A count with its digits in groups of three. */
export function count(number: number): string {
  return Math.max(0, Math.trunc(number)).toString().replace(/\B(?=(\d{3})+(?!\d))/g, GROUP);
}

/** Bytes with three digits that matter: `1.25 GB`. */
export function bytes(number: number): string {
  if (number < 1000) return `${Math.max(0, Math.trunc(number))}${GAP}B`;
  let value = number / 1000;
  let unit = 0;
  while (value >= 999.5 && unit + 1 < UNITS.length) {
    value /= 1000;
    unit += 1;
  }
  const places = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(places)}${GAP}${UNITS[unit]}`;
}

/** How much of a whole, 0 to 100. Never 100 before all is done, never 0 once something is. */
export function share(part: number, whole: number): number {
  if (whole <= 0 || part <= 0) return 0;
  if (part >= whole) return 100;
  return Math.min(99.9, Math.max(0.1, (part / whole) * 100));
}

/** Whole percent, with the same promise. */
export function percent(part: number, whole: number): number {
  if (whole <= 0 || part <= 0) return 0;
  return part >= whole ? 100 : Math.min(99, Math.max(1, Math.floor((part / whole) * 100)));
}

/** A span of time in its two largest units, as parts for the words: `5 h 03 min`. */
export function span(seconds: number): { id: string; args: Record<string, string> } {
  const whole = Math.max(0, Math.round(seconds));
  const two = (n: number) => n.toString().padStart(2, "0");
  if (whole < 1) return { id: "span-moment", args: {} };
  if (whole < 60) return { id: "span-seconds", args: { s: `${whole}` } };
  const minutes = Math.floor(whole / 60);
  if (whole < 600) return { id: "span-minutes-seconds", args: { m: `${minutes}`, s: two(whole % 60) } };
  if (minutes < 60) return { id: "span-minutes", args: { m: `${minutes}` } };
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return { id: "span-hours", args: { h: `${hours}`, m: two(minutes % 60) } };
  return { id: "span-days", args: { d: `${Math.floor(hours / 24)}`, h: `${hours % 24}` } };
}

/** Seconds left, rounded so that the figure does not twitch: it is a guess, and looks like one. */
export function roundLeft(seconds: number): number {
  if (seconds < 60) return Math.max(10, Math.ceil(seconds / 10) * 10);
  if (seconds < 600) return Math.ceil(seconds / 60) * 60;
  if (seconds < 7200) return Math.ceil(seconds / 300) * 300;
  return Math.ceil(seconds / 600) * 600;
}

/** Facts of a trouble, `name=value; name=value`. A value may hold `; ` itself. */
export function facts(detail: string): Record<string, string> {
  const found: Record<string, string> = {};
  let last = "";
  for (const piece of detail.split("; ")) {
    const match = /^([a-z_]+)=(.*)$/s.exec(piece);
    if (match?.[1]) {
      last = match[1];
      found[last] = match[2] ?? "";
    } else if (last) {
      found[last] += `; ${piece}`;
    }
  }
  return found;
}

/** Folders and file name of a path, so that only the folders are cut. */
export function split(path: string): [string, string] {
  const at = path.lastIndexOf("/");
  return at < 0 ? ["", path] : [path.slice(0, at + 1), path.slice(at + 1)];
}

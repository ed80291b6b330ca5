// Made-up files for scripts: the same number gives the same file, however many there are.
import type { Account, Filter, FindingGroup, Fix, FolderRow, ItemRow, State } from "../wire";

export interface Shape {
  files: number;
  /** Files in each folder; 0 puts all into none. */
  perFolder: number;
  root: string;
  /** Names of the first files, in place of the made-up ones. */
  names?: string[];
  /** Problems among them. */
  clean?: boolean;
  /** Pictures that copies would help, and medical ones. */
  mixed?: boolean;
  /** What was done to copies, and what the person said yes to. */
  fixed?: Fix[];
  confirmed?: string[];
}

const RULES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html";

export const rule = (ord: number, shape: Shape): string => {
  if (shape.clean) return "";
  if (shape.mixed) return mixed(ord, shape);
  if (ord === 3004 || ord === 8112) return "file-cut-off";
  if (ord === 3205) return "file-empty";
  if (ord % 1400 === 1013) return "file-extension";
  if (ord % 4000 === 33) return "key-case-twins";
  return ord % 11 === 5 ? "file-rotated" : "";
};

const FIXES: Record<string, Fix> = { "labelbox-image-formats": "convert", "labelbox-image-pixels": "scale", "photo-gps": "gps", "file-rotated": "rotate" };

function mixed(ord: number, shape: Shape): string {
  const found = ord % 40 === 7 ? "labelbox-image-formats" : ord % 60 === 9 ? "labelbox-image-pixels" : ord % 8 === 3 ? "photo-gps" : ord % 100 === 12 ? "dicom-patient-name" : ord % 11 === 5 ? "file-rotated" : "";
  return FIXES[found] && shape.fixed?.includes(FIXES[found]) ? "" : found;
}

/** How many files a fix helps, were it not done yet. */
export const helped = (fix: Fix, shape: Shape): number => Array.from({ length: shape.files }, (_, ord) => FIXES[mixed(ord, { ...shape, fixed: [] })] === fix).filter(Boolean).length;

const WORST: Record<string, "blocked" | "warning" | "note"> = {
  "labelbox-image-formats": "blocked",
  "labelbox-image-pixels": "warning",
  "dicom-patient-name": "blocked",
  "photo-gps": "note",
  "file-cut-off": "blocked",
  "file-empty": "blocked",
  "file-extension": "warning",
  "key-case-twins": "warning",
  "file-rotated": "note",
};

const size = (ord: number) => 3_000_000 + ((ord * 2_654_435_761) % 2_100_000);
const folderOf = (ord: number, shape: Shape) => (shape.perFolder > 0 ? Math.floor(ord / shape.perFolder) : -1);
const day = (folder: number) => new Date(Date.UTC(2026, 4, 1 + folder)).toISOString().slice(0, 10);

export function item(ord: number, shape: Shape, state: State, code: string): ItemRow {
  const folder = folderOf(ord, shape);
  const found = rule(ord, shape);
  const tall = ord % 5 === 4;
  return {
    ord,
    name: shape.names?.[ord] ?? `IMG_${String(ord + 1).padStart(4, "0")}.jpg`,
    folder: folder < 0 ? "" : `${shape.root}/${day(folder)}`,
    size: size(ord),
    state,
    code,
    kind: "image",
    format: "jpeg",
    width: tall ? 3024 : 4032,
    height: tall ? 4032 : 3024,
    worst: WORST[found] ?? null,
    by_size: false,
  };
}

export function groups(shape: Shape): FindingGroup[] {
  const counts = new Map<string, number[]>();
  for (let ord = 0; ord < shape.files; ord += 1) {
    const found = rule(ord, shape);
    if (!found) continue;
    const known = counts.get(found);
    if (known) known.push(ord);
    else counts.set(found, [ord]);
  }
  const order = ["blocked", "warning", "note"];
  return [...counts]
    .map(([id, ords]): FindingGroup => ({
      rule: id,
      severity: shape.confirmed?.includes(id) ? "note" : (WORST[id] ?? "note"),
      value: id === "labelbox-image-formats" ? "JPEG, PNG, BMP, TIFF, DICOM" : id === "labelbox-image-pixels" ? "9 000 × 9 000" : "",
      count: ords.length,
      example: `${shape.root}/${day(folderOf(ords[0] ?? 0, shape))}/${item(ords[0] ?? 0, shape, "ready", "").name}`,
      detail: id === "file-extension" ? "PNG, named .jpg" : id === "key-case-twins" ? "img_0034.JPG" : "",
      source: id.startsWith("key") ? RULES : "",
      checked: "2026-11-12",
      fix: shape.mixed ? (FIXES[id] ?? null) : null,
      fixable: shape.mixed && FIXES[id] ? ords.length - (id === "labelbox-image-formats" ? 2 : 0) : 0,
      needs: ords.length * 3_100_000,
      asks: id === "dicom-patient-name",
      confirmed: shape.confirmed?.includes(id) ?? false,
    }))
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || b.count - a.count);
}

export interface Where {
  state: State;
  code: string;
}

export function folders(shape: Shape, parent: number, where: (ord: number) => Where): FolderRow[] {
  if (shape.perFolder === 0) return [];
  const all = Math.ceil(shape.files / shape.perFolder);
  if (parent === 0) return [count(1, 0, shape.root, true, 0, shape.files, shape, where)];
  if (parent !== 1) return [];
  return Array.from({ length: all }, (_, at) => count(at + 2, 1, day(at), false, at * shape.perFolder, Math.min(shape.files, (at + 1) * shape.perFolder), shape, where));
}

function count(id: number, parent: number, name: string, has: boolean, from: number, to: number, shape: Shape, where: (ord: number) => Where): FolderRow {
  const row: FolderRow = { id, parent, name, has_folders: has, files: to - from, bytes: 0, done: 0, open: 0, left: 0, warnings: 0 };
  for (let ord = from; ord < to; ord += 1) {
    const { state } = where(ord);
    row.bytes += size(ord);
    if (["verified", "same", "registered", "visible"].includes(state)) row.done += 1;
    if (state === "needs_you" || state === "blocked") row.open += 1;
    if (state === "set_aside" || state === "cancelled") row.left += 1;
    if (WORST[rule(ord, shape)] === "warning") row.warnings += 1;
  }
  return row;
}

export function page(shape: Shape, filter: Filter, first: number, wanted: number, where: (ord: number) => Where) {
  const everything = filter.states.length === 0 && !filter.rule && !filter.code && !filter.folder && !filter.find && !filter.untold;
  const rows: ItemRow[] = [];
  if (everything) {
    for (let ord = first; ord < Math.min(shape.files, first + wanted); ord += 1) rows.push(make(ord, shape, where));
    return { total: shape.files, first, rows, late: false };
  }
  let total = 0;
  for (let ord = 0; ord < shape.files; ord += 1) {
    if (!matches(ord, shape, filter, where)) continue;
    if (total >= first && rows.length < wanted) rows.push(make(ord, shape, where));
    total += 1;
  }
  return { total, first, rows, late: false };
}

function make(ord: number, shape: Shape, where: (ord: number) => Where): ItemRow {
  const { state, code } = where(ord);
  return item(ord, shape, state, code);
}

function matches(ord: number, shape: Shape, filter: Filter, where: (ord: number) => Where): boolean {
  const { state, code } = where(ord);
  if (filter.states.length > 0 && !filter.states.includes(state)) return false;
  if (filter.untold && ord >= 12) return false;
  if (filter.rule && rule(ord, shape) !== filter.rule) return false;
  if (filter.code && code !== filter.code) return false;
  if (filter.folder > 1 && folderOf(ord, shape) !== filter.folder - 2) return false;
  return !filter.find || item(ord, shape, state, code).name.toLowerCase().includes(filter.find.toLowerCase());
}

export function account(shape: Shape, where: (ord: number) => Where): Account {
  const sums: Account = {
    files: shape.files, bytes: 0, skipped: 14, notes: 1, found: 0, ready: 0, blocked: 0, clash: 0, same: 0, waiting: 0, sending: 0, sent: 0,
    verified: 0, registered: 0, visible: 0, needs_you: 0, set_aside: 0, cancelled: 0, by_size: 0, accepted: 0, bytes_done: 0,
  };
  for (let ord = 0; ord < shape.files; ord += 1) {
    const { state } = where(ord);
    sums[state] += 1;
    sums.bytes += size(ord);
    if (["verified", "same", "registered", "visible"].includes(state)) sums.bytes_done += size(ord);
  }
  return sums;
}

// A made-up manifest that can be opened, checked, repaired, saved, converted and compared.
import type { BenchBridge } from "../bench";
import type { Trouble } from "../bridge";
import type { BenchDetail, BenchDone, BenchDoor, BenchFilter, BenchGroup, BenchPage, BenchRow, BenchView, Register } from "../wire";

export type BenchKind = "ango" | "clean" | "broken" | "table" | "checking" | "stopped" | "huge" | "looking" | "signed" | "unsignable" | "labelbox" | "unknown" | "nothing" | "changed";

const COLUMNS = [
  { head: "photo", field: "url", example: "https://acme.example/zurich/1.jpg" },
  { head: "id", field: "key", example: "1" },
  { head: "site", field: "metadata.site", example: "Zürich West" },
  { head: "note", field: "", example: "wet road" },
];
const FIELDS = ["url", "key", "external_id", "media_type", "width", "height", "attachments"];
const SOURCE = "https://docs.imerit.net/data/storages/importing-private-cloud-assets-gcp";

const at = (row: number) => `https://acme-labelling.s3.eu-central-1.amazonaws.com/zurich/${row % 20 === 2 ? "street+view" : "2026-05-01"}/IMG_${String(row).padStart(4, "0")}.jpg`;
const plus = (row: number) => row % 20 === 2;
const local = (row: number) => row % 351 === 5;
const missing = (row: number) => row % 2000 === 7;
const bare = (row: number) => row % 351 === 9;

export class FakeBench {
  planned = new Set<string>();
  removed = new Set<string>();
  looked: number;
  working: BenchView["work"] = null;
  done: BenchDone | null = null;
  trouble: BenchView["trouble"] = null;
  stopped = false;
  /** Objects were looked up. */
  seen = false;
  revision = 1;
  form: string;
  asked = false;
  pictures: BenchView["pictures"] = { on: false, private: false, refused: false, hosts: 3, more: false, named: ["acme-labelling.s3.eu-central-1.amazonaws.com", "cdn.acme.example", "10.0.0.7"] };

  constructor(public id: string, public kind: BenchKind) {
    this.looked = kind === "checking" ? 1800 : kind === "stopped" ? 1800 : this.rows;
    this.stopped = kind === "stopped";
    this.form = kind === "table" ? "urls" : kind === "labelbox" ? "labelbox" : "ango";
    if (kind === "checking") this.working = { kind: "checking", done: 1800, total: this.rows, share: 42 };
    if (kind === "looking") this.working = { kind: "looking_up", done: 4120, total: 10_000, share: 41 };
    if (kind === "changed") this.trouble = { code: "source_changed", facts: { path: "/home/mara/manifest.json" } };
  }

  get rows(): number {
    return this.kind === "huge" ? 5_000_000 : this.kind === "looking" ? 10_000 : this.kind === "broken" ? 90 : 4210;
  }

  get name(): string {
    return this.kind === "table" ? "photos.csv" : "manifest.json";
  }

  private wrong(row: number): Array<[string, "blocked" | "warning", string]> {
    if (this.kind === "clean" || row > this.looked) return [];
    if (this.kind === "broken") return row === 88 ? [["syntax", "blocked", "Not written as JSON or a table"]] : [];
    const found: Array<[string, "blocked" | "warning", string]> = [];
    if (this.seen && missing(row)) found.push(["object-missing", "blocked", "Not there"]);
    if (local(row)) found.push(["url-local", "blocked", "A file on a computer"]);
    if (plus(row) && !this.planned.has("url-plus")) found.push(["url-plus", "warning", "+ for a space"]);
    if (bare(row) && !this.planned.has("key-missing")) found.push(["key-missing", "warning", "No name"]);
    return found;
  }

  private out(row: number): boolean {
    return (this.removed.has("url-local") && local(row)) || (this.removed.has("object-missing") && missing(row) && this.seen);
  }

  row(row: number): BenchRow {
    const worst = this.wrong(row)[0];
    const mended = (plus(row) && this.planned.has("url-plus")) || (bare(row) && this.planned.has("key-missing"));
    const broken = this.kind === "broken" && row === 88;
    const subject = broken ? '{"data": "https://acme.example/88.jpg" "externalId": "88"}' : local(row) && this.kind !== "broken" ? `C:\\photos\\IMG_${row}.jpg` : this.planned.has("url-plus") ? at(row).replace("+", "%20") : at(row);
    return { row, subject, address: !broken, more: 0, key: bare(row) && !mended ? "" : `zurich/IMG_${row}`, width: row % 7 === 1 ? 4032 : 0, height: row % 7 === 1 ? 3024 : 0, worst: worst?.[1] ?? null, state: worst?.[2] ?? "", mended, removed: this.out(row), looked: row <= this.looked, kind: row % 9 === 4 ? "video" : "image", picture: !broken && row % 9 !== 4 && !local(row) };
  }

  private matching(filter: BenchFilter): number[] | null {
    if (filter.about === "" && filter.kind === "") return null;
    const test: Record<string, (row: number) => boolean> = { "url-plus": plus, "url-local": local, "key-missing": bare, "object-missing": missing, syntax: (row) => row === 88 };
    const all = Array.from({ length: Math.min(this.rows, 20_000) }, (_, row) => row + 1);
    if (filter.about) return all.filter((row) => (this.kind === "broken") === (filter.about === "syntax") && (test[filter.about] ?? (() => false))(row));
    return all.filter((row) => (filter.kind === "removed" ? this.out(row) : !this.out(row) && (filter.kind === "mended" ? this.row(row).mended : this.row(row).worst === filter.kind)));
  }

  page(filter: BenchFilter, first: number, count: number): BenchPage {
    if (this.kind === "changed") throw { code: "source_changed", facts: {} } satisfies Trouble;
    const rows = this.matching(filter);
    const total = rows?.length ?? this.rows;
    const some = Array.from({ length: Math.max(0, Math.min(count, total - first)) }, (_, place) => (rows ? rows[first + place]! : first + place + 1));
    return { total, first, rows: some.map((row) => this.row(row)) };
  }

  detail(row: number): BenchDetail {
    const broken = this.kind === "broken" && row === 88;
    const line = broken ? { text: '  {"data": "https://acme.example/88.jpg" "externalId": "88"}', before: 40 } : { text: `  {"data": "${at(row)}", "externalId": "zurich/IMG_${row}"}`, before: 62 };
    const about: Record<string, string> = { "url-plus": "The address has a +, which many stores do not read as a space; a space is written %20, a real plus %2B.", "url-local": "This is a file on a computer, and Ango Hub cannot reach it.", "key-missing": "There is no `externalId`: the row cannot be found again by a name of yours.", syntax: "Line 88, column 41: a comma is missing." };
    const found = this.wrong(row).map(([word, severity]) => ({ about: word, severity, text: about[word] ?? word, line: row, column: 41, shown: line, source: SOURCE, checked: "2026-11-27", mended: false }));
    const mended = this.planned.has("url-plus");
    const changes = plus(row) && this.kind !== "clean" ? [{ field: "data", before: at(row), after: at(row).replace("+", "%20"), planned: mended, removes: false }] : [];
    if (this.out(row)) changes.splice(0, changes.length, { field: "", before: line.text.trim(), after: "", planned: true, removes: true });
    return { row: this.row(row), line: row, column: 3, findings: found, changes, facts: broken ? [] : [["url", at(row)], ["key", `zurich/IMG_${row}`], ["metadata.site", "Zürich West"]] };
  }

  private groups(): BenchGroup[] {
    const seen = (test: (row: number) => boolean) => Array.from({ length: Math.min(this.looked, 20_000) }, (_, row) => row + 1).filter(test).length;
    const group = (about: string, severity: "blocked" | "warning", title: string, sentence: string, rows: number, more: Partial<BenchGroup> = {}): BenchGroup => {
      const planned = this.planned.has(about);
      return { rule: `ango-${about}`, about, severity, title, sentence, rows, beside: 0, places: [], source: SOURCE, checked: "2026-11-27", mendable: 0, mended: planned ? rows : 0, planned, on_wish: false, example: null, removable: severity === "blocked" ? rows : 0, removed: this.removed.has(about), ...more };
    };
    if (this.kind === "clean") return [];
    if (this.kind === "broken") return [group("syntax", "blocked", "Not written as JSON or a table", "2 rows are not written as JSON or as a table is written.", 1, { beside: 1, places: [{ text: "Line 51, column 3: a comma is missing.", line: { text: '  {"data": "https://acme.example/51.jpg", "externalId": "51"}', before: 2 } }] })];
    if (this.kind === "signed" || this.kind === "unsignable") return [group("url-signed-over", "blocked", "Its signature is over", "211 rows have a signed address that does not work any more.", 211, { mended: this.planned.has("url-signed-over") ? 208 : 0 }), group("url-signed", "warning", "Signed for some days", "3 990 rows have a signed address, which stops to work on some day.", 3990)];
    if (this.kind === "labelbox") return this.asked ? [group("metadata-unknown", "blocked", "Metadata not known there", "12 times metadata is named that the workspace does not take.", 12)] : [];
    const whole = this.working === null && !this.stopped;
    return [
      ...(this.seen ? [group("object-missing", "blocked", "Not there", `The objects of ${seen(missing)} rows are not there.`, seen(missing))] : []),
      group("url-local", "blocked", "A file on a computer", `${seen(local)} rows name a file on a computer, which no platform can reach.`, seen(local)),
      group("url-plus", "warning", "+ for a space", `${seen(plus)} rows have a + in their address; a space is written %20, a real plus %2B.`, seen(plus), { mendable: whole ? seen(plus) : 0, example: { field: "data", before: "…/street+view/IMG_0002.jpg", after: "…/street%20view/IMG_0002.jpg", planned: false, removes: false } }),
      group("key-missing", "warning", "No name", `${seen(bare)} rows have no name to be found again by.`, seen(bare), { mendable: whole ? seen(bare) : 0 }),
    ];
  }

  view(): BenchView {
    const groups = this.groups();
    const removed = groups.filter((group) => group.removed).reduce((sum, group) => sum + group.rows, 0);
    const left = (severity: string) => groups.filter((group) => group.severity === severity && !group.planned && !group.removed).reduce((sum, group) => sum + group.rows, 0);
    const table = this.kind === "table";
    return {
      id: this.id, name: this.name, bytes: 812_000, revision: this.revision, form: this.form, why: table ? (this.form === "urls" ? ["photo"] : []) : this.form === "ango" ? ["data", "externalId"] : [], layout: table ? "csv" : "list", utf16: false, subject_field: table ? "url" : "data", key_field: table ? "key" : "externalId", columns: table ? COLUMNS : [], fields: FIELDS, headless: false,
      rows: this.rows, counted: true, check: this.working?.kind === "checking" ? "running" : this.stopped ? "stopped" : "whole", looked: this.looked, blocked: left("blocked"), good: this.rows - left("blocked") - removed, removed, beside: groups.reduce((sum, group) => sum + group.beside, 0), warned: left("warning"), mended: groups.reduce((sum, group) => sum + group.mended, 0), groups, work: this.working, pictures: this.pictures, done: this.done, trouble: this.trouble,
    };
  }
}

const NOTHING: BenchDone = { kind: "", name: "", to: "", rows: 0, mended: 0, left_out: 0, broken: 0, found: 0, left: [], compared: null, looked: null };

export class FakeBenches {
  private open = new Map<string, FakeBench>();
  private last = 0;

  constructor(private kind: BenchKind) {}

  door(kind = this.kind): BenchDoor {
    const id = `m${++this.last}`;
    const door: BenchDoor = { id, name: "manifest.json", trouble: null, line: null, can_say: false, columns: [], fields: FIELDS };
    if (kind === "unknown") return { ...door, name: "list.csv", can_say: true, columns: COLUMNS.map((column) => ({ ...column, field: "" })), trouble: { code: "not_a_manifest", facts: { said: "We don't know this format. Its first row has these fields: photo, id, site, note." } } };
    if (kind === "nothing") return { ...door, line: { text: '{"a": 1 "b": 2}', before: 8 }, trouble: { code: "not_a_manifest", facts: { said: "Line 1, column 9: a comma is missing." } } };
    this.open.set(id, new FakeBench(id, kind));
    return door;
  }

  private of(id: string): FakeBench {
    const found = this.open.get(id);
    if (!found) throw { code: "bug", facts: { said: `no manifest ${id}` } } satisfies Trouble;
    return found;
  }

  private change(id: string, work: (bench: FakeBench) => void): void {
    const bench = this.of(id);
    work(bench);
    bench.revision += 1;
  }

  private finish(id: string, done: Partial<BenchDone>): boolean {
    this.change(id, (bench) => void (bench.done = { ...NOTHING, ...done }));
    return true;
  }

  bridge(upload: () => string, register: (rows: Register) => string, picture: (row: number) => Promise<ArrayBuffer>): BenchBridge {
    return {
      benchChoose: async () => this.door(),
      benchSay: async (id, form, columns) => {
        if (!this.open.has(id)) return this.door("table");
        this.change(id, (bench) => void (bench.form = form || bench.form));
        void columns;
        return { id, name: "", trouble: null, line: null, can_say: false, columns: [], fields: [] };
      },
      benchAgain: async (id) => this.change(id, (bench) => { bench.removed.clear(); bench.trouble = null; bench.stopped = false; bench.looked = bench.rows; if (bench.kind === "changed") bench.kind = "ango"; }),
      benchClose: async (id) => void this.open.delete(id),
      benchUpload: async () => upload(),
      benchRegister: async (_id, rows) => register(rows),
      benchView: async (id) => this.of(id).view(),
      benchPage: async (id, filter, first, count) => this.of(id).page(filter, first, count),
      benchRow: async (id, row) => this.of(id).detail(row),
      benchPictures: async (id, on, priv) => this.change(id, (bench) => void (bench.pictures = { ...bench.pictures, on, private: priv, refused: on && !priv && bench.pictures.refused })),
      benchPicture: async (id, row) => {
        const bench = this.of(id);
        if (row % 20 === 2) return { why: "Nothing is there.", private: false };
        if (row % 20 === 3 && !bench.pictures.private) {
          if (!bench.pictures.refused) this.change(id, (bench) => void (bench.pictures = { ...bench.pictures, refused: true }));
          return { why: "It is in a private network or on this computer, and was not asked.", private: true };
        }
        return picture(row);
      },
      benchStop: async (id) => this.change(id, (bench) => { if (bench.kind === "looking") bench.done = { ...NOTHING, kind: "looked_up", rows: 4120, looked: { objects: 4120, there: 4110, missing: 10, unseen: 0, known: 0, stopped: true } }; bench.stopped = bench.working?.kind === "checking"; bench.working = null; }),
      benchRepair: async (id, about, planned) => this.change(id, (bench) => void (planned ? bench.planned.add(about) : bench.planned.delete(about))),
      benchRemove: async (id, about, planned) => this.change(id, (bench) => void (planned ? bench.removed.add(about) : bench.removed.delete(about))),
      benchSaveAndRegister: async (id, rows) => {
        const { mended, removed } = this.of(id).view();
        this.finish(id, { kind: "saved", name: "manifest-repaired.json", rows: 4210 - removed, mended, left_out: removed });
        return register(rows);
      },
      benchSave: async (id, good) => this.finish(id, { kind: "saved", name: good ? "manifest-good.json" : "manifest-repaired.json", rows: good ? 4198 : 4210 - this.of(id).view().removed, mended: this.of(id).view().mended, left_out: good ? 12 : this.of(id).view().removed }),
      benchWeigh: async (id, to) => void this.finish(id, { kind: "weighed", to, rows: 4210, left: to === "labelbox" ? [["contextData.weather", 812], ["storage", 4210]] : [] }),
      benchConvert: async (id, to) => this.finish(id, { kind: "converted", to, name: `manifest-${to}.json`, rows: 4210, left: to === "labelbox" ? [["contextData.weather", 812], ["storage", 4210]] : [] }),
      benchSaveLeft: async () => true,
      benchCompare: async (id) => this.finish(id, { kind: "compared", compared: { name: "yesterday.json", new: 211, gone: 3, changed: 12, same: 3987, left_out: 0 } }),
      benchBuild: async (id) => this.finish(id, { kind: "built", name: "photos-assets.json", rows: 4210 }),
      benchDifferences: async (_id, kind, first, count) => {
        const total = { new: 211, gone: 3, changed: 12 }[kind];
        return { total, first, rows: Array.from({ length: Math.max(0, Math.min(count, total - first)) }, (_, place) => ({ key: `zurich/IMG_${first + place + 1}`, row: first + place + 1, fields: kind === "changed" ? ["width", "height"] : [] })) };
      },
      benchLookUp: async (id, sample) => {
        this.of(id).seen = true;
        this.finish(id, { kind: "looked_up", rows: sample || 4210, looked: { objects: sample || 4210, there: (sample || 4210) - 2, missing: 2, unseen: 0, known: 0, stopped: false } });
      },
      benchMeasure: async (id) => this.finish(id, { kind: "measured", name: "manifest-measured.json", rows: 4210, mended: 3900 }),
      benchCanSign: async (id) => this.of(id).kind === "signed",
      benchSign: async (id, about) => this.change(id, (bench) => void bench.planned.add(about)),
      benchAsk: async (id, connection) => void (this.change(id, (bench) => void (bench.asked = true)), this.finish(id, { kind: "asked", name: connection, rows: 4210, found: 12 })),
      benchFolder: async () => ({ name: "2026-Zurich" }),
      benchFromFolder: async () => ({ door: this.door("clean"), files: 4222, written: 4210, left: [["12 files have no content.", 12]] }),
      benchMaking: async () => ({ files: 2105, written: 2100 }),
      benchMakingStop: async () => {},
      benchPreview: async (_id, template) => {
        if (!template.html.includes("{{photo}}")) throw { code: "bad_field", facts: { said: "There is no column age. There are: photo, id, site, note." } } satisfies Trouble;
        return Array.from({ length: 10 }, (_, row) => `{"data": "<img src=\\"${at(row + 1)}\\">", "externalId": "${row + 1}", "contextData": {}}`);
      },
    };
  }
}

// One made-up upload that can be read, reviewed, sent, paused and finished, one tick at a time.
import type { Account, Phase, Picture, Plan, Review, Table, TroubleGroup } from "../wire";
import { account, groups, helped, rule, type Shape, type Where } from "./rows";
import { asWished } from "./tables";

const BLOCKED = new Set(["file-cut-off", "file-empty", "labelbox-image-formats", "dicom-patient-name"]);
const COPY_BYTES = 3_100_000;

export class Fake {
  /** Files that are proven so far, in order. */
  done = 0;
  looked = 0;
  phase: Phase = "reading";
  /** Reads and sends by itself. */
  runs = true;
  plan: Plan = { connection: "this-computer", prefix: "", names: "{prefix}/{relative_path}", on_clash: "keep", exclude: [], every: 1, include_hidden: false, register: null, tables: [], manifest: null, fixes: [], confirmed: [] };
  /** Tables about the files, as they were found. */
  tables: Table[] = [];
  /** Files whose row the platform has, in order; rows come behind the bytes. */
  rows = 0;
  /** Files that were refused: ord to code. */
  stuck = new Map<number, string>();
  aside = new Map<number, string>();
  extra: Partial<Picture> = {};
  /** Words of the platform, by code: the detail of its troubles. */
  said: Record<string, string> = {};
  /** The share of registered rows that its page shows. */
  seen = 0;
  /** Copies that are being made: how many, and how many are there. */
  made = { wanted: 0, made: 0 };
  private revision = 1;
  private approved = false;
  private ended = "";
  private seconds = 0;

  constructor(public id: string, public shape: Shape, public created = new Date().toISOString()) {}

  where = (ord: number): Where => {
    const aside = this.aside.get(ord);
    if (aside) return { state: "set_aside", code: aside };
    const stuck = this.stuck.get(ord);
    const found = rule(ord, this.shape);
    const blocked = BLOCKED.has(found) && !this.shape.confirmed?.includes(found);
    if (!this.approved) {
      if (this.phase === "reading" && ord >= this.looked) return { state: "found", code: "" };
      return { state: blocked ? "blocked" : "ready", code: "" };
    }
    if (blocked) return { state: "needs_you", code: "rule_broken" };
    if (stuck) return { state: "needs_you", code: stuck };
    if (ord < this.rows) return { state: ord < this.rows * this.seen ? "visible" : "registered", code: "" };
    if (this.plan.manifest) return { state: this.phase === "cancelled" ? "cancelled" : "waiting", code: "" };
    if (ord < this.done) return { state: this.extra.account?.same === -1 ? "same" : "verified", code: "" };
    if (this.phase === "cancelled") return { state: "cancelled", code: "" };
    if (ord < this.done + 8 && this.phase === "sending") return { state: ord < this.done + Math.min(2, this.shape.files - 1) ? "sent" : "sending", code: "" };
    return { state: "waiting", code: "" };
  };

  /** The plan changed: copies are made one tick at a time, and findings go when they are there. */
  replan(plan: Plan): void {
    const more = plan.fixes.filter((fix) => !this.plan.fixes.includes(fix));
    this.plan = plan;
    this.shape = { ...this.shape, confirmed: plan.confirmed, fixed: plan.fixes.filter((fix) => !more.includes(fix)) };
    this.made = { wanted: this.shape.mixed ? more.reduce((sum, fix) => sum + helped(fix, this.shape), 0) : 0, made: 0 };
  }

  held(): number {
    return (this.shape.fixed ?? []).reduce((sum, fix) => sum + helped(fix, this.shape) * COPY_BYTES, 0);
  }

  private copying(): void {
    this.made.made = Math.min(this.made.wanted, this.made.made + Math.ceil(this.made.wanted / 5));
    if (this.made.made === this.made.wanted) {
      this.made = { wanted: 0, made: 0 };
      this.shape = { ...this.shape, fixed: this.plan.fixes };
    }
    this.touch();
  }

  approve(): void {
    this.approved = true;
    this.phase = "sending";
    this.touch();
  }

  at(phase: Phase, done: number): this {
    this.approved = !["reading", "review"].includes(phase);
    this.phase = phase;
    this.looked = phase === "reading" ? this.looked : this.shape.files;
    this.done = done;
    this.runs = false;
    this.seconds = 18_180;
    if (phase === "finished") this.ended = new Date().toISOString();
    return this;
  }

  touch(): void {
    this.revision += 1;
  }

  /** A tenth of a second. */
  tick(): void {
    if (this.made.wanted > 0) this.copying();
    if (!this.runs) return;
    const step = Math.max(1, Math.ceil(this.shape.files / 25));
    if (this.phase === "reading") {
      this.looked = Math.min(this.shape.files, this.looked + step * 2);
      if (this.looked === this.shape.files) this.phase = "review";
      this.touch();
    } else if (this.phase === "sending" && !this.extra.hold) {
      this.done = Math.min(this.shape.files, this.done + step);
      this.seconds += 1;
      if (this.plan.register) this.rows = this.done === this.shape.files && this.rows > this.done - step * 2 ? this.done : Math.max(0, this.done - step);
      if (this.done === this.shape.files && (!this.plan.register || this.rows === this.done)) {
        this.phase = "finished";
        this.ended = new Date().toISOString();
      }
      this.touch();
    }
  }

  picture(): Picture {
    const sums = this.sums();
    const found: [number, number, number] = [0, 0, 0];
    for (const group of this.findings()) found[["blocked", "warning", "note"].indexOf(group.severity)]! += group.count;
    const moving = this.phase === "sending" && !this.extra.hold;
    return {
      upload: this.id, title: this.shape.root, manifest: this.plan.manifest !== null, phase: this.phase, account: sums, findings: found, looked: this.looked, copies_wanted: this.made.wanted, copies_made: this.made.made, connection: this.plan.connection,
      ...this.where_to(),
      prefix: this.plan.prefix, speed: moving ? 23_400_000 : 0, bytes_sent: sums.bytes_done + this.partly(sums), left: moving ? Math.round((this.shape.files - this.done) / 6) : null, seconds: this.seconds,
      at_once: this.phase === "paused" ? 0 : 8, hold: null, winding_down: false, current: "", revision: this.revision, created: this.created,
      finished: this.ended, number: this.approved ? "G26 204417 5" : "", ...this.extra,
    };
  }

  /** Rows of a manifest begin as what is there already, and have no bytes. */
  private sums(): Account {
    const sums = account(this.shape, this.where);
    return this.plan.manifest ? { ...sums, bytes: 0, bytes_done: 0, skipped: 0, notes: 0, same: sums.waiting, waiting: 0, accepted: sums.registered + sums.visible } : sums;
  }

  private where_to() {
    const { connection, register } = this.plan;
    const platform = { platform: register?.kind ?? "", container: register?.name ?? "", link: register?.link ?? "", rows: register ? this.shape.files : 0, same_open: this.plan.manifest ? this.sums().same : 0 };
    if (this.plan.manifest && register) return { kind: register.kind, place: register.kind, ...platform };
    if (register?.connection === connection) return { kind: register.kind, place: register.kind, ...platform };
    return connection === "this-computer" ? { kind: "folder", place: "/home/mara/Gantry", ...platform } : { kind: "s3", place: "s3://acme-labelling/zurich/", ...platform };
  }

  /** Of the files that are sent or on their way, half. */
  private partly(sums: Account): number {
    const most = sums.files > 0 ? sums.bytes / sums.files : 0;
    return Math.round(((sums.sending + sums.sent) * most) / 2);
  }

  findings() {
    return this.shape.files > 50_000 ? groups({ ...this.shape, files: 12_000 }) : groups(this.shape);
  }

  review(): Review {
    const sums = account(this.shape, this.where);
    const first = (name: string) => [this.plan.prefix, this.shape.root, "2026-05-01", name].filter(Boolean).join("/");
    return {
      plan: this.plan,
      findings: this.findings().map((group) => (this.phase === "reading" ? { ...group, count: Math.ceil(group.count / 2) } : group)),
      kinds: [["image", this.shape.files]],
      examples: ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg"].map(first),
      rows: this.plan.register ? sums.ready : 0,
      row_examples: this.plan.register ? ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg"].map((name): [string, string] => [`${this.shape.root}/2026-05-01/${name}`, this.plan.register?.connection === this.plan.connection ? "" : `https://acme-labelling.s3.eu-central-1.amazonaws.com/${first(name)}`]) : [],
      fixed: this.plan.fixes.map((fix) => {
        const made = this.shape.fixed?.includes(fix) ? helped(fix, this.shape) : 0;
        return { fix, made, bytes: made * COPY_BYTES, failed: 0, example: `${this.shape.root}/2026-05-01/IMG_0008.webp`, before: "WebP, 4032 × 3024, 1.20 MB", after: "JPEG, 4032 × 3024, 3.10 MB" };
      }),
      copies: { held: this.held(), limit: 10_000_000_000 },
      tables: this.plan.register ? this.tables.map((table) => asWished(table, this.plan)) : [],
      files_left: this.plan.register && this.tables.length > 0 ? 12 : 0,
      fixed_misfits: (this.plan.register?.metadata ?? []).filter(([name]) => name === "wether").map(([name]): [string, string] => [name, "Labelbox has no metadata field called “wether”. Create it in Labelbox first, or leave it out."]),
      priorities: this.plan.register && this.plan.register.kind !== "labelbox" ? [-1000, 1000] : null,
      difference: { known: this.phase === "review", unlisted: false, new: sums.ready, same: 0, unsure: 0, changed: 0, rows_new: 0, rows_same: 0, rows_other: 0, rows_clash: 0, ...this.rowDifference(sums.ready) },
      ready: sums.ready,
      ready_bytes: sums.bytes,
      hold: null,
    };
  }

  private rowDifference(ready: number) {
    return this.plan.register ? { rows_new: Math.max(0, ready - 214), rows_same: Math.min(ready, 211), rows_clash: ready > 214 ? 3 : 0 } : {};
  }

  troubles(): TroubleGroup[] {
    const found = new Map<string, TroubleGroup>();
    const add = (ord: number, code: string, state: "needs_you" | "set_aside") => {
      const key = `${state} ${code}`;
      const known = found.get(key);
      if (known) known.count += 1;
      else found.set(key, { code, state, count: 1, detail: this.said[code] ?? DETAILS[code] ?? "", example: `${this.shape.root}/IMG_${ord}.jpg` });
    };
    for (const [ord, code] of this.stuck) if (!this.aside.has(ord)) add(ord, code, "needs_you");
    if (this.approved) for (let ord = 0; ord < Math.min(this.shape.files, 12_000); ord += 1) if (BLOCKED.has(rule(ord, this.shape)) && !this.aside.has(ord)) add(ord, "rule_broken", "needs_you");
    for (const [ord, code] of this.aside) add(ord, code, "set_aside");
    return [...found.values()].sort((a, b) => b.count - a.count);
  }

  /** Every open file of one cause, or one file. */
  open(code: string, ord: number | null): number[] {
    if (ord !== null) return [ord];
    const all: number[] = [];
    for (let at = 0; at < this.shape.files; at += 1) {
      const { state, code: why } = this.where(at);
      if (state === "needs_you" && why === code) all.push(at);
    }
    return all;
  }
}

const DETAILS: Record<string, string> = {
  access_denied: "status=403; said=AccessDenied; request_id=7F3A9C21E0; key=zurich/raw/",
  source_changed: "read_bytes=4120233; now_bytes=4120811",
};

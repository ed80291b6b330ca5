// The bridge that plays scripts: for browser tests and for work on the window without the program. Never shipped.
import type { Bridge, ConnectionForm, Drag, Trouble } from "./bridge";
import { page } from "./scripts/rows";
import { folders } from "./scripts/rows";
import { FakeBenches } from "./scripts/bench";
import { Fake } from "./scripts/fake";
import { made, tried, view } from "./scripts/platforms";
import { about, linesLeft } from "./scripts/tables";
import { KINDS, manifest, scene, type Scene } from "./scripts/scenes";
import type { ConnectionRow, Hello, ItemDetail, Picture, Register, Settings } from "./wire";

const TICK_MS = 100;
const SETTINGS: Settings = { theme: "system", at_once: 0, limit: 0, include_hidden: false, exclude: [], names: "{prefix}/{relative_path}", go_on: true, copies: 10_000_000_000 };

/** What a test may do behind the page's back. */
export interface Backstage {
  drag(event: Drag): void;
  uploads: Fake[];
  calls: Array<{ name: string; args: unknown[] }>;
  /** Makes the next call of this name fail. */
  fail(name: string, trouble: Trouble): void;
}

declare global {
  interface Window {
    gantryBackstage?: Backstage;
  }
}

export function scripted(name: string): Bridge {
  const stage = new Stage(scene(name));
  window.gantryBackstage = stage.backstage();
  return stage.bridge();
}

class Stage {
  private settings: Settings;
  private connections: ConnectionRow[];
  private listeners: Array<(pictures: Picture[]) => void> = [];
  private dragging: (event: Drag) => void = () => {};
  private calls: Backstage["calls"] = [];
  private failing = new Map<string, Trouble>();
  private sent = "";
  private benches: FakeBenches;

  constructor(private scene: Scene) {
    this.settings = { ...SETTINGS, ...scene.hello.settings };
    this.connections = scene.connections.map((row) => ({ ...row }));
    this.benches = new FakeBenches(scene.bench);
    setInterval(() => {
      for (const fake of this.scene.uploads) fake.tick();
      this.tell();
    }, TICK_MS);
  }

  backstage(): Backstage {
    return {
      drag: (event) => this.dragging(event.kind === "drop" && event.manifest ? { ...event, manifest: this.benches.door() } : event.kind === "drop" ? { ...event, upload: event.upload ?? this.give() } : event),
      uploads: this.scene.uploads,
      calls: this.calls,
      fail: (call, trouble) => void this.failing.set(call, trouble),
    };
  }

  private tell(): void {
    const key = this.scene.uploads.map((fake) => JSON.stringify([fake.id, fake.phase, fake.done, fake.looked, fake.stuck.size, fake.aside.size, fake.plan, fake.made, fake.extra, fake.rows])).join();
    if (key === this.sent) return;
    this.sent = key;
    const pictures = this.scene.uploads.map((fake) => fake.picture());
    for (const listener of this.listeners) listener(pictures);
  }

  private give(): string {
    const fake = this.scene.next();
    fake.id = `u${this.scene.uploads.length + 1}`;
    this.scene.uploads.push(fake);
    return fake.id;
  }

  /** The rows of a manifest: approved with the press that gave them. */
  private register(register: Register): string {
    const fake = manifest(new Fake("", { files: 60, perFolder: 0, root: "birds.json", clean: true }), register);
    fake.id = `u${this.scene.uploads.length + 1}`;
    fake.approve();
    this.scene.uploads.push(fake);
    return fake.id;
  }

  private of(upload: string): Fake {
    const found = this.scene.uploads.find((fake) => fake.id === upload);
    if (!found) throw { code: "bug", facts: { said: `no upload ${upload}` } } satisfies Trouble;
    return found;
  }

  private change(upload: string, work: (fake: Fake) => void): Promise<void> {
    const fake = this.of(upload);
    work(fake);
    fake.touch();
    this.sent = "";
    this.tell();
    return Promise.resolve();
  }

  private hello(): Hello {
    return { version: "0.1.0", system: "linux", home: "/home/mara/.local/share/gantry", keychain: "ready", kinds: KINDS, trouble: "", trouble_detail: "", ...this.scene.hello, settings: this.settings };
  }

  private detail(upload: string, ord: number): ItemDetail {
    const fake = this.of(upload);
    const row = page(fake.shape, { states: [], rule: "", code: "", folder: 0, find: "", untold: false }, ord, 1, fake.where).rows[0];
    if (!row) throw { code: "bug", facts: {} } satisfies Trouble;
    const path = row.folder ? `${row.folder}/${row.name}` : row.name;
    const proven = ["verified", "registered", "visible"].includes(row.state);
    const { register } = fake.plan;
    const there = row.state === "registered" || row.state === "visible";
    return {
      row, path, key: `zurich/${path}`, url: `https://acme-labelling.s3.eu-central-1.amazonaws.com/zurich/${encodeURI(path)}`, external_id: path, row_key: register ? path : "", row_id: there ? `clx${ord}` : "", metadata: register ? [["site", "Zürich West"], ["weather", "rain"]] : [], attachments: [], content_type: "image/jpeg",
      measured: [["measured-gps", "yes"]], copy: [], original: "", orientation: ord % 11 === 5 ? 6 : 1, modified: "2026-05-01T10:00:00Z",
      findings: fake.findings().filter((group) => group.severity === row.worst).slice(0, 1).map(({ rule, severity, detail, source, checked }) => ({ rule, severity, detail, source, checked })),
      detail: "", proof: proven ? "checksum" : "", algorithm: proven ? "crc64nvme" : null, checksum: proven ? "a3f19c20c44d0b7e" : "", at: proven ? new Date().toISOString() : "",
    };
  }

  private kindOf(name: string): string {
    const row = this.connections.find((one) => one.name === name);
    if (!row) throw { code: "connection_missing", facts: {} } satisfies Trouble;
    return row.kind;
  }

  private test(name: string): ConnectionRow {
    const row = this.connections.find((one) => one.name === name);
    if (!row) throw { code: "connection_missing", facts: {} } satisfies Trouble;
    if (row.fields["region"] === "us-east-1") throw { code: "wrong_region", facts: { region: "eu-central-1" } } satisfies Trouble;
    row.tested = new Date().toISOString();
    if (row.checks.length === 0) row.checks = [["reach", true], ["write", true], ["read", true], ["remove", true], ["list", true]];
    return { ...row };
  }

  private add(form: ConnectionForm): void {
    if (form.fields["bucket"] === "acme-labeling") throw { code: "bad_field", facts: { field: "bucket", said: "There is no bucket with this name. Did you mean acme-labelling?" } } satisfies Trouble;
    if (form.kind !== "folder" && form.kind !== "s3") return void this.connections.push({ name: form.name, kind: form.kind, fields: form.fields, place: { segments: "Segments.ai", labelbox: "Labelbox", ango: "Ango Hub" }[form.kind] ?? form.kind, secrets: [["api_key", form.untilQuit ? "until_quit" : "keychain"]], tested: "", checks: [["reach", true], ["write", null]], learned: [], open_uploads: 0 });
    const place = form.kind === "folder" ? (form.fields["path"] ?? "") : `s3://${form.fields["bucket"]}/${form.fields["prefix"] ?? ""}`;
    const secrets = Object.keys(form.secrets).map((field): [string, "until_quit" | "keychain"] => [field, form.untilQuit ? "until_quit" : "keychain"]);
    const row: ConnectionRow = { name: form.name, kind: form.kind, fields: form.fields, place, secrets, tested: "", checks: [], learned: [], open_uploads: 0 };
    this.connections = [...this.connections.filter((one) => one.name !== form.name), row];
  }

  private history(find: string) {
    return this.scene.uploads.map((fake) => {
      const total = find ? page(fake.shape, { states: [], rule: "", code: "", folder: 0, find, untold: false }, 0, 1, fake.where) : null;
      const hit = total?.rows[0];
      return { picture: fake.picture(), matched: hit ? (hit.folder ? `${hit.folder}/${hit.name}` : hit.name) : "", matches: total?.total ?? 0 };
    });
  }

  /** A small picture that needs no file: a few grey planes, drawn here. */
  private async thumbnail(): Promise<ArrayBuffer | null> {
    const canvas = new OffscreenCanvas(300, 200);
    const pen = canvas.getContext("2d");
    if (!pen) return null;
    for (const [colour, x, y, w, h] of [["#b9c4cd", 0, 0, 300, 200], ["#84909b", 0, 58, 62, 76], ["#717e8a", 226, 44, 74, 90], ["#56616c", 60, 140, 180, 60], ["#b31b24", 196, 50, 22, 22]] as const) {
      pen.fillStyle = colour;
      pen.fillRect(x, y, w, h);
    }
    return (await canvas.convertToBlob()).arrayBuffer();
  }

  bridge(): Bridge {
    const give = async () => this.give();
    const retry = (upload: string, code: string, ord: number | null) => this.change(upload, (fake) => {
      for (const at of fake.open(code, ord)) fake.stuck.delete(at);
    });
    const setAside = (upload: string, code: string, ord: number | null) => this.change(upload, (fake) => {
      for (const at of fake.open(code, ord)) fake.aside.set(at, code);
    });
    const real: Bridge = {
      hello: async () => this.hello(),
      subscribe: async (listener) => {
        this.listeners.push(listener);
        listener(this.scene.uploads.map((fake) => fake.picture()));
        return () => {};
      },
      onDrag: async (handler) => {
        this.dragging = handler;
        return () => {};
      },
      chooseFiles: give, chooseFolder: give, paste: give, samples: give,
      review: async (upload) => this.of(upload).review(),
      plan: (upload, plan) => this.change(upload, (fake) => fake.replan(plan)),
      items: async (upload, filter, first, count) => page(this.of(upload).shape, filter, first, count, this.of(upload).where),
      item: async (upload, ord) => this.detail(upload, ord),
      folders: async (upload, parent) => folders(this.of(upload).shape, parent, this.of(upload).where),
      tableLines: async (upload, table, why, first, count) => linesLeft(this.of(upload).review().tables[table], why, first, count),
      chooseTable: async (upload) => {
        await this.change(upload, (fake) => void (fake.tables = fake.tables.length > 0 ? fake.tables : [about()]));
        return true;
      },
      thumbnail: () => this.thumbnail(),
      approve: (upload) => this.change(upload, (fake) => fake.approve()),
      pause: (upload) => this.change(upload, (fake) => void (fake.phase = "paused")),
      goOn: (upload) => this.change(upload, (fake) => { fake.phase = "sending"; fake.runs = true; fake.extra = {}; }),
      stop: (upload) => this.change(upload, (fake) => void (fake.phase = "stopped")),
      cancel: (upload) => this.change(upload, (fake) => void (fake.phase = "cancelled")),
      forget: async (upload) => void (this.scene.uploads.splice(this.scene.uploads.indexOf(this.of(upload)), 1)),
      retry, setAside, decideClash: (upload, _how, ord) => retry(upload, "clash", ord),
      troubles: async (upload) => this.of(upload).troubles(),
      exportTroubles: async () => {},
      history: async (find) => this.history(find),
      openReceipt: async () => {},
      copyCommand: async (upload) => `gantryctl send ${this.of(upload).shape.root} --to ${this.of(upload).plan.connection}`,
      connections: async () => this.connections,
      addConnection: async (form) => this.add(form),
      testConnection: async (name) => this.test(name),
      removeConnection: async (name) => void (this.connections = this.connections.filter((row) => row.name !== name)),
      platform: async (name) => view(this.kindOf(name)),
      tryPlatform: async (form) => tried(form),
      createContainer: async (name, wanted) => made(this.kindOf(name), wanted),
      ...this.benches.bridge(() => this.give(), (register) => this.register(register), async () => (await this.thumbnail()) ?? new ArrayBuffer(0)),
      openContainer: async () => {},
      chooseFolderPath: async () => "/media/usb/labelling",
      choosePath: async () => "/etc/ssl/own.pem",
      copies: async () => ({ held: this.scene.uploads.reduce((sum, fake) => sum + fake.held(), 0), limit: this.settings.copies }),
      settings: async (settings) => (this.settings = settings),
      openLink: async () => {}, copy: async () => {},
      repair: async () => void (this.scene.hello = { ...this.scene.hello, trouble: "" }),
      quit: async () => {},
    };
    return this.watched(real);
  }

  /** Every call is noted, and can be made to fail. */
  private watched(real: Bridge): Bridge {
    return new Proxy(real, {
      get: (target, name: keyof Bridge) => {
        // A promise asks what it is given whether it has a `then`.
        if (!(name in target)) return undefined;
        return async (...args: unknown[]) => {
          this.calls.push({ name, args });
          const trouble = this.failing.get(name);
          this.failing.delete(name);
          if (trouble) throw trouble;
          return (target[name] as (...args: unknown[]) => unknown)(...args);
        };
      },
    });
  }
}

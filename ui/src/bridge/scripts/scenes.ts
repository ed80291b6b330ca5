// The scenes that scripts begin with.
import type { ConnectionRow, Hello, Kind, Register } from "../wire";
import type { BenchKind } from "./bench";
import { Fake } from "./fake";
import { LABELBOX_ROW, SEGMENTS_ROW, signs } from "./platforms";
import { about } from "./tables";

export interface Scene {
  uploads: Fake[];
  hello: Partial<Hello>;
  connections: ConnectionRow[];
  /** What the next choice of files gives. */
  next: () => Fake;
  /** The manifest that is opened. */
  bench: BenchKind;
}

const field = (name: string, more: Partial<Kind["fields"][number]> = {}): Kind["fields"][number] => ({ name, secret: false, required: false, choices: [], example: "", ...more });

export const KINDS: Kind[] = [
  { id: "folder", platform: false, fields: [field("path", { required: true, example: "/home/mara/Gantry" })] },
  {
    id: "s3",
    platform: false,
    fields: [
      field("bucket", { required: true, example: "acme-labelling" }), field("prefix", { example: "zurich/" }), field("region", { example: "eu-central-1" }),
      field("endpoint", { example: "https://minio.example:9000" }), field("addressing", { choices: ["path", "virtual"] }), field("access_key_id", { example: "AKIA…" }),
      field("secret_access_key", { secret: true }), field("session_token", { secret: true }), field("profile", { example: "default" }),
      field("ca_file", { example: "/etc/ssl/own.pem" }), field("allow_http", { choices: ["true", "false"] }),
    ],
  },
  ...["segments", "labelbox", "ango"].map((id): Kind => ({
    id,
    platform: true,
    fields: [
      field("api_key", { secret: true, required: true }), field("api_url", { example: "https://api.example.org" }), ...(id === "ango" ? [field("settle_seconds", { example: "180" })] : []),
      field("allow_http", { choices: ["true", "false"] }),
    ],
  })),
];

const row = (name: string, kind: string, place: string, more: Partial<ConnectionRow> = {}): ConnectionRow => ({
  name, kind, fields: {}, place, secrets: [], tested: "", checks: [], learned: [], open_uploads: 0, ...more,
});

const now = () => new Date().toISOString();
export const HOME = row("this-computer", "folder", "/home/mara/Gantry", { fields: { path: "/home/mara/Gantry" }, tested: now(), checks: [["write", true], ["read", true], ["remove", true]] });

export const BUCKET = row("acme-zurich", "s3", "s3://acme-labelling/zurich/", {
  fields: { bucket: "acme-labelling", prefix: "zurich/", region: "eu-central-1", access_key_id: "AKIAEXAMPLE7QZ2" },
  secrets: [["secret_access_key", "keychain"]], tested: now(), open_uploads: 1,
  checks: [["reach", true], ["write", true], ["read", true], ["remove", true], ["list", true], ["checksum", true], ["clock", true]],
  learned: [["region", "eu-central-1"], ["checksum", "CRC64NVME"], ["clock", "0.4 s"]],
});

const ARCHIVE = row("archive", "s3", "s3://archive/raw/", {
  fields: { bucket: "archive", endpoint: "https://nas.local:9000" }, secrets: [["secret_access_key", "until_quit"]], tested: "2026-11-14T09:00:00Z",
  checks: [["reach", true], ["write", false], ["read", null], ["remove", null], ["list", true]], learned: [],
});

const LOST = row("robots", "s3", "s3://robots-raw/", { fields: { bucket: "robots-raw", access_key_id: "AKIAEXAMPLE1R0B0" } });

const zurich = (files: number) => new Fake("u1", { files, perFolder: 1000, root: "2026-Zurich" });

function refused(fake: Fake): Fake {
  for (let ord = 24_000; ord < 24_024; ord += 1) fake.stuck.set(ord, "access_denied");
  fake.stuck.set(3_100, "source_changed");
  fake.shape.clean = true;
  fake.plan.connection = "acme-zurich";
  return fake;
}

const sending = () => refused(zurich(100_000)).at("sending", 41_207);

const HOSTILE = [
  "<img src=x onerror=alert(1)>.jpg", "photo⟨U+202E⟩gpj.exe", "صورة من العطلة.jpg", "תמונה.png", "写真 2026.jpg", "😀 party.jpg",
  "a␊b␛[31m%FF.jpg", `${"n".repeat(251)}.jpg`, "{count}.jpg", "{{7*7}}.jpg", "=HYPERLINK(\"x\").csv", "&lt;b&gt;.jpg",
];

export function scene(name: string): Scene {
  const made: Scene = { uploads: [], hello: {}, connections: [HOME, BUCKET], next: () => new Fake("u1", { files: 400, perFolder: 100, root: "photos", clean: true }), bench: "ango" };
  const frozen: Record<string, () => void> = {
    counting: () => {
      const fake = zurich(12_000).at("reading", 0);
      fake.looked = 180;
      made.uploads = [fake];
    },
    reading: () => {
      const fake = zurich(12_000).at("reading", 0);
      fake.looked = 5_410;
      made.uploads = [fake];
    },
    review: () => (made.uploads = [bucket(zurich(12_000).at("review", 0))]),
    fine: () => (made.uploads = [new Fake("u1", { files: 812, perFolder: 100, root: "2026-Zurich", clean: true }).at("review", 0)]),
    flat: () => (made.uploads = [new Fake("u1", { files: 12, perFolder: 0, root: "IMG_0001.jpg", clean: true }).at("review", 0)]),
    empty: () => (made.uploads = [new Fake("u1", { files: 0, perFolder: 0, root: "nothing", clean: true }).at("review", 0)]),
    huge: () => (made.uploads = [new Fake("u1", { files: 100_000, perFolder: 0, root: "all", clean: true }).at("review", 0)]),
    million: () => (made.uploads = [new Fake("u1", { files: 1_000_000, perFolder: 0, root: "all", clean: true }).at("review", 0)]),
    hostile: () => (made.uploads = [new Fake("u1", { files: HOSTILE.length, perFolder: 0, root: HOSTILE[0]!, names: HOSTILE, clean: true }).at("review", 0)]),
    sending: () => (made.uploads = [sending()]),
    large: () => (made.uploads = [new Fake("u1", { files: 1, perFolder: 0, root: "scan.las", names: ["scan.las"], clean: true }).at("sending", 0)]),
    paused: () => (made.uploads = [refused(zurich(100_000)).at("paused", 41_207)]),
    offline: () => (made.uploads = [hold(sending(), "offline", "")]),
    slow: () => (made.uploads = [hold(sending(), "slow_down", "")]),
    badkey: () => (made.uploads = [hold(sending(), "bad_secret", "request_id=7F3A")]),
    done: () => (made.uploads = [refused(zurich(100_000)).at("finished", 100_000)]),
    finished: () => {
      const fake = zurich(12_000).at("finished", 12_000);
      fake.shape.clean = true;
      made.uploads = [bucket(fake)];
    },
    "platform-review": () => {
      made.connections = [HOME, BUCKET, LABELBOX_ROW, SEGMENTS_ROW];
      made.uploads = [labelled(zurich(12_000).at("review", 0))];
    },
    "platform-tables": () => {
      made.connections = [HOME, BUCKET, LABELBOX_ROW, SEGMENTS_ROW];
      made.uploads = [labelled(zurich(12_000).at("review", 0))];
      made.uploads[0]!.tables = [about(), { ...about(), path: "2026-Zurich/cameras.csv", columns: [], trouble: "open_quote", line: 5120, matched: 0, no_file: 0, twice: 0, broken: 0 }];
    },
    "platform-table": () => {
      made.connections = [HOME, BUCKET, LABELBOX_ROW, SEGMENTS_ROW];
      made.uploads = [labelled(zurich(12_000).at("review", 0))];
      made.uploads[0]!.tables = [about()];
    },
    fixes: () => {
      const fake = labelled(zurich(800).at("review", 0));
      fake.shape.mixed = true;
      made.connections = [HOME, BUCKET, LABELBOX_ROW];
      made.uploads = [fake];
    },
    "platform-first": () => {
      made.connections = [HOME, BUCKET, LABELBOX_ROW, SEGMENTS_ROW];
      made.uploads = [bucket(zurich(12_000).at("review", 0))];
    },
    "platform-own": () => {
      made.connections = [HOME, BUCKET, LABELBOX_ROW];
      made.uploads = [labelled(zurich(12_000).at("review", 0), "labelbox")];
    },
    "platform-sending": () => {
      const fake = labelled(refused(zurich(100_000)).at("sending", 43_112));
      fake.rows = 41_207;
      fake.seen = 0.5;
      made.connections = [HOME, BUCKET, LABELBOX_ROW];
      made.uploads = [fake];
    },
    "platform-done": () => {
      const fake = labelled(zurich(12_000).at("finished", 12_000));
      fake.shape.clean = true;
      fake.rows = 12_000;
      fake.seen = 0.5;
      made.connections = [HOME, BUCKET, LABELBOX_ROW];
      made.uploads = [fake];
    },
    "platform-refused": () => {
      const fake = labelled(zurich(12_000).at("finished", 12_000));
      fake.shape.clean = true;
      fake.rows = 12_000;
      for (const ord of [310, 311, 312]) fake.stuck.set(ord, "row_refused");
      made.connections = [HOME, BUCKET, LABELBOX_ROW];
      made.uploads = [fake];
      fake.said["row_refused"] = "said=Media type application/x-tiff is not supported for this project";
    },
    "platform-troubles": () => {
      const fake = labelled(zurich(12_000).at("finished", 12_000));
      fake.shape.clean = true;
      fake.rows = 11_000;
      const codes = ["row_there", "row_refused", "bad_api_key", "plan_limit", "no_such_container", "wrong_container", "integration_invalid"];
      for (let ord = 11_000; ord < 12_000; ord += 1) fake.stuck.set(ord, codes[ord % codes.length]!);
      fake.said = {
        row_there: "row=2026-Zurich/2026-05-01/IMG_0412.jpg; id=clx83", row_refused: "said=Media type application/x-tiff is not supported for this project", bad_api_key: "said=Invalid API key",
        plan_limit: "said=You have reached the data row limit of your plan (50 000)", no_such_container: "container=Street signs", wrong_container: "container=Street signs; kind=Video",
        integration_invalid: "said=The role could not be assumed",
      };
      made.connections = [HOME, BUCKET, LABELBOX_ROW];
      made.uploads = [fake];
    },
    "platform-history": () => {
      made.connections = [HOME, BUCKET, LABELBOX_ROW];
      made.uploads = past();
      for (const at of [0, 1]) {
        const fake = labelled(made.uploads[at]!);
        fake.rows = fake.shape.files;
      }
    },
    platforms: () => (made.connections = [HOME, BUCKET, LABELBOX_ROW, SEGMENTS_ROW]),
    "manifest-sending": () => (made.uploads = [rows(1200, "sending", 480)]),
    "manifest-paused": () => (made.uploads = [rows(1200, "paused", 480)]),
    "manifest-stopped": () => (made.uploads = [rows(1200, "stopped", 480)]),
    "manifest-done": () => (made.uploads = [rows(3, "finished", 3)]),
    "manifest-history": () => (made.uploads = [rows(3, "finished", 3), past()[0]!]),
    "manifest-refused": () => {
      const fake = rows(1200, "finished", 1200);
      for (const ord of [3, 4, 5]) fake.stuck.set(ord, "row_refused");
      fake.stuck.set(9, "row_broken");
      fake.said["row_refused"] = "said=Media type application/x-tiff is not supported";
      made.uploads = [fake];
    },
    size: () => {
      const fake = zurich(2_000).at("finished", 2_000);
      fake.shape.clean = true;
      const sums = fake.picture().account;
      fake.extra = { account: { ...sums, by_size: 400 } };
      made.uploads = [fake];
    },
    stopped: () => {
      const fake = zurich(12_000).at("stopped", 5_000);
      fake.shape.clean = true;
      made.uploads = [bucket(fake)];
    },
    history: () => (made.uploads = past()),
    connections: () => (made.connections = [HOME, BUCKET, ARCHIVE, LOST]),
    nobucket: () => (made.connections = [HOME]),
    nokeychain: () => (made.hello = { keychain: "absent" }),
    locked: () => (made.hello = { keychain: "locked" }),
    newer: () => (made.hello = { trouble: "newer", trouble_detail: "found=9; known=3" }),
    damaged: () => (made.hello = { trouble: "damaged", trouble_detail: "" }),
    windows: () => {
      made.uploads = [sending()];
      made.hello = { system: "windows" };
    },
  };
  if (name.startsWith("bench-")) {
    made.bench = name.slice("bench-".length) as BenchKind;
    made.connections = [HOME, BUCKET, LABELBOX_ROW, SEGMENTS_ROW];
  }
  frozen[name]?.();
  return made;
}

function bucket(fake: Fake): Fake {
  fake.plan = { ...fake.plan, connection: "acme-zurich" };
  return fake;
}

/** Rows of a manifest, registered at a platform: nothing else of it is sent. */
export function manifest(fake: Fake, register: Register): Fake {
  fake.plan = { ...fake.plan, connection: register.connection, register, manifest: { form: "labelbox", map: [] } };
  return fake;
}

function rows(files: number, phase: "sending" | "paused" | "stopped" | "finished", registered: number): Fake {
  const fake = manifest(new Fake("u1", { files, perFolder: 0, root: "birds.json", clean: true }), signs({ name: "birds" })).at(phase, registered);
  fake.rows = registered;
  return fake;
}

function labelled(fake: Fake, connection = "acme-zurich"): Fake {
  fake.plan = { ...fake.plan, connection, register: signs(connection === "labelbox" ? { target: { container: "cm0", integration: "", batch: "" } } : {}) };
  return fake;
}

function hold(fake: Fake, code: string, detail: string): Fake {
  fake.extra = { hold: { code, detail, again: code === "offline" ? new Date(Date.now() + 40_000).toISOString() : "" }, speed: code === "slow_down" ? 4_100_000 : 0, left: null, at_once: 3 };
  return fake;
}

function past(): Fake[] {
  const list: Array<[string, number, "finished" | "stopped" | "cancelled", string, number]> = [
    ["captures", 480, "finished", "2026-11-21T09:12:00Z", 480], ["2026-Zurich", 3200, "finished", "2026-11-21T08:14:00Z", 3200],
    ["lidar-w44", 912, "stopped", "2026-11-07T13:00:00Z", 300], ["calls-de", 2410, "finished", "2026-11-18T10:20:00Z", 2410],
    ["bern-night", 1008, "cancelled", "2026-11-12T21:15:00Z", 20], ["samples", 8, "finished", "2026-11-01T08:05:00Z", 8],
  ];
  return list.map(([root, files, phase, created, done], at) => {
    const fake = new Fake(`h${at}`, { files, perFolder: 1000, root, clean: true }, created).at(phase, done);
    if (root === "2026-Zurich") for (let ord = 0; ord < 25; ord += 1) fake.stuck.set(ord, "access_denied");
    if (at % 2 === 0) bucket(fake);
    fake.extra = { number: `G26 2044${17 - at} ${at + 2}` };
    return fake;
  });
}

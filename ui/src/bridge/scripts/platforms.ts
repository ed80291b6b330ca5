// Made-up platforms for scripts: keys, datasets, accesses to buckets.
import type { ConnectionForm, Trouble } from "../bridge";
import type { ConnectionRow, Container, Integration, NewContainer, PlatformView, Register } from "../wire";

const TYPES = ["bboxes", "segmentation-bitmap", "vector"];
const NAMES = ["Street signs", "Zebra crossings", "Parked cars, night", "Façades", "Tram lines", "Roof damage", "Potholes 2025", "Potholes 2026"];

const dataset = (at: number, name: string, more: Partial<Container> = {}): Container => ({
  id: `cm${at}`, name, owner: "", kind: "", takes: [], shape: "single", rows: 1200 + at * 731, link: `https://app.labelbox.com/dataset/cm${at}`, batches: [], ...more,
});

const LABELBOX: PlatformView = {
  who: { name: "Mara Keller", email: "mara@acme.example", owners: ["Acme Labelling"], plan: "" },
  containers: [...NAMES.map((name, at) => dataset(at, name)), ...Array.from({ length: 312 }, (_, at) => dataset(at + 100, `Archive ${2000 + at}`, { rows: at * 17 }))],
  integrations: [
    integration("int1", "acme eu-central", "AWS", "acme-labelling", true, true), integration("int2", "acme archive", "AWS", "archive", false, false), integration("int3", "partner", "GCP", "", null, false),
  ],
};

const SEGMENTS: PlatformView = {
  who: { name: "mara", email: "mara@acme.example", owners: ["mara", "acme", "robotics-lab"], plan: "Team" },
  containers: [
    ...NAMES.map((name, at) => dataset(at, name.toLowerCase().replace(/[^a-z0-9]+/g, "-"), { id: `acme/${at}`, owner: at % 3 === 0 ? "mara" : "acme", kind: TYPES[at % 3]!, takes: ["image"], link: `https://segments.ai/acme/${at}/` })),
    dataset(20, "drives", { id: "robotics-lab/drives", owner: "robotics-lab", kind: "pointcloud-cuboid-sequence", takes: ["point_cloud"], shape: "sequence", rows: 14, link: "https://segments.ai/robotics-lab/drives/" }),
  ],
  integrations: [],
};

const ANGO: PlatformView = {
  who: { name: "Mara Keller", email: "mara@acme.example", owners: ["Acme Labelling"], plan: "" },
  containers: [dataset(1, "Night drives", { batches: [["b1", "Week 46"], ["b2", "Week 47"]] }), dataset(2, "Signs")],
  integrations: [integration("st1", "acme bucket", "AWS", "acme-labelling", null, false)],
};

function integration(id: string, name: string, provider: string, bucket: string, valid: boolean | null, is_default: boolean): Integration {
  return { id, name, provider, bucket, valid, is_default };
}

const VIEWS: Record<string, PlatformView> = { segments: SEGMENTS, labelbox: LABELBOX, ango: ANGO };
export const GOOD_KEY = "good-key";

export const view = (kind: string): PlatformView => VIEWS[kind] ?? LABELBOX;

export function tried(form: ConnectionForm): PlatformView {
  if (form.secrets["api_key"] !== GOOD_KEY) throw { code: "bad_api_key", facts: { said: "Invalid API key" } } satisfies Trouble;
  return view(form.kind);
}

export function made(kind: string, wanted: NewContainer): Container {
  if (wanted.name === "taken") throw { code: "refused", facts: { said: "You already have a dataset called taken." } } satisfies Trouble;
  const made = dataset(999, wanted.name, { id: `made/${wanted.name}`, owner: wanted.owner, kind: wanted.kind, rows: 0 });
  VIEWS[kind] = { ...view(kind), containers: [made, ...view(kind).containers] };
  return made;
}

const row = (name: string, kind: string, place: string): ConnectionRow => ({
  name, kind, fields: {}, place, secrets: [["api_key", "keychain"]], tested: new Date().toISOString(), checks: [["reach", true], ["write", null]], learned: [], open_uploads: 0,
});

export const LABELBOX_ROW = row("labelbox", "labelbox", "Labelbox");
export const SEGMENTS_ROW = row("segments", "segments", "Segments.ai");

export const signs = (more: Partial<Register> = {}): Register => ({
  connection: "labelbox", kind: "labelbox", target: { container: "cm0", integration: "int1", batch: "" }, name: "Street signs", link: "https://app.labelbox.com/dataset/cm0",
  shape: "single", grouping: "file", presigned_days: 0, metadata: [], priority: 0, ...more,
});

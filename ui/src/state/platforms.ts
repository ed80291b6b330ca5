// What the window knows of the platforms beside what the program tells: where keys are found, and words for the types of datasets.
import type { ConnectionRow, Container, Integration, Kind, Plan, Register } from "../bridge/wire";

/** The pages on which each platform shows or explains its API keys. The shell opens no others. */
export const KEY_PAGES: Record<string, string> = {
  segments: "https://segments.ai/account",
  labelbox: "https://app.labelbox.com",
  ango: "https://docs.imerit.net/sdk/sdk-documentation",
};

/** Types that a new dataset can have, in the platform's own words, the usual one first. Platforms without types have none. */
export const TYPES: Record<string, readonly string[]> = {
  segments: [
    "segmentation-bitmap", "segmentation-bitmap-highres", "bboxes", "vector", "keypoints", "image-segmentation-sequence", "image-vector-sequence",
    "pointcloud-cuboid", "pointcloud-cuboid-sequence", "pointcloud-segmentation", "pointcloud-segmentation-sequence", "pointcloud-vector",
    "pointcloud-vector-sequence", "multisensor-sequence",
  ],
};

/** Platforms whose API tells of no access to buckets: it is set up, and seen, on their own pages only. */
const SILENT = new Set(["segments"]);
export const tellsIntegrations = (kind: string): boolean => !SILENT.has(kind);

export const isPlatform = (kinds: readonly Kind[], kind: string): boolean => kinds.some((one) => one.id === kind && one.platform);

/** How files reach a platform, or that they do not. */
export type Way = "bucket-platform" | "platform" | "store";

export function wayOf(plan: Plan): Way {
  if (!plan.register) return "store";
  return plan.register.connection === plan.connection ? "platform" : "bucket-platform";
}

/** Whose buckets an access can open, by the kind of our connection; what a platform does not say may fit. */
const CLOUDS: Record<string, RegExp> = { s3: /aws|s3|minio/i };
const sameCloud = (one: Integration, store: ConnectionRow | undefined) => one.provider === "" || (CLOUDS[store?.kind ?? ""]?.test(one.provider) ?? true);

/** The access that a new choice begins with: the one that says it reads this bucket, else the platform's own default. */
export function usualIntegration(list: readonly Integration[], store: ConnectionRow | undefined): string {
  const bucket = store?.fields["bucket"] ?? "";
  const fits = list.filter((one) => one.valid !== false && sameCloud(one, store) && (one.bucket === "" || bucket === "" || one.bucket === bucket));
  const named = fits.find((one) => bucket !== "" && one.bucket === bucket);
  return (named ?? fits.find((one) => one.is_default) ?? (fits.length === 1 ? fits[0] : undefined))?.id ?? "";
}

/** Rows for this container. What else was set stays. */
export function registerIn(container: Container, row: ConnectionRow, integration: string, before: Register | null): Register {
  return {
    connection: row.name,
    kind: row.kind,
    target: { container: container.id, integration, batch: "" },
    name: container.name,
    link: container.link,
    shape: container.shape,
    grouping: container.shape === "single" ? "file" : before && before.shape === container.shape ? before.grouping : usualGrouping(container.shape),
    presigned_days: before?.connection === row.name ? before.presigned_days : 0,
    metadata: before?.metadata ?? [],
    priority: before?.priority ?? 0,
  };
}

const usualGrouping = (shape: Container["shape"]): Register["grouping"] => (shape === "scene" || shape === "multi_sensor" ? "sensors" : "folder");

/** The day on which addresses that are signed now die. */
export const diesOn = (days: number, now = new Date()): Date => new Date(now.getTime() + days * 86_400_000);

/** An address that only this computer or its own network can reach; an empty one is the provider's public address. */
export function isInside(endpoint: string): boolean {
  if (endpoint === "" || !URL.canParse(endpoint)) return false;
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, "");
  return /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe80:)/.test(host) || /\.(local|internal|lan)$/.test(host) || !/[.:]/.test(host);
}

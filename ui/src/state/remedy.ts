// The one main action of each cause.

export type Remedy = "retry" | "aside" | "files" | "access" | "connection" | "platform" | "again" | "region" | "clash" | "manifest";

const WAYS: Record<string, Remedy> = {
  access_denied: "access",
  bad_key: "connection",
  bad_secret: "connection",
  token_expired: "connection",
  no_secret: "connection",
  keychain_absent: "connection",
  tls_untrusted: "connection",
  no_such_bucket: "connection",
  connection_missing: "connection",
  connection_in_use: "connection",
  bad_field: "connection",
  bad_api_key: "platform",
  no_such_container: "again",
  wrong_container: "again",
  no_web_address: "again",
  wrong_region: "region",
  clash: "clash",
  rule_broken: "files",
  source_not_a_file: "files",
  source_is_folder: "files",
  bug: "files",
};

/** Causes that only another manifest takes away. */
const OF_MANIFEST = new Set(["row_broken", "row_there", "same_key", "metadata_unfit", "call_too_large", "no_such_container", "wrong_container"]);

/** What the main button of a cause does about rows of a manifest. */
export const remedyOf = (told: { manifest: boolean }, code: string): Remedy => (told.manifest && OF_MANIFEST.has(code) ? "manifest" : remedy(code));

/** What the main button of a cause does. Unless something must be changed here first, it tries again. */
export const remedy = (code: string): Remedy => WAYS[code] ?? "retry";

// Which bridge this page speaks to. Scripts exist in test builds and under `vite dev` only.
import type { Bridge } from "./bridge";
import { tauri } from "./tauri";

declare global {
  const __SCRIPTED__: boolean;
}

export async function chooseBridge(): Promise<Bridge> {
  if (__SCRIPTED__) {
    const script = new URLSearchParams(location.search).get("script");
    if (script !== null || !("__TAURI_INTERNALS__" in window)) {
      const { scripted } = await import("./scripted");
      return scripted(script ?? "first");
    }
  }
  return tauri;
}

// The window comes alive: theme, bridge, first paint.
import { mount } from "svelte";
import App from "./App.svelte";
import { chooseBridge } from "./bridge/choose";
import { store } from "./state/store.svelte";
import { applyTheme, rememberedTheme } from "./state/theme";
import "./style/all.css";

applyTheme(rememberedTheme());
document.body.className = "win";

// Dropping never navigates, whatever the system sends here.
for (const kind of ["dragenter", "dragover", "drop"] as const) {
  window.addEventListener(kind, (event) => event.preventDefault());
}

// What began in this window, such as a link that was drawn along, is no gift.
let ours = false;
window.addEventListener("dragstart", () => (ours = true));
window.addEventListener("dragend", () => (ours = false));
window.addEventListener("drop", (event) => {
  // WebKitGTK names files of a file manager as a list of addresses, and gives none of them.
  if (!ours) store.saw(event.dataTransfer?.types.some((type) => type === "Files" || type === "text/uri-list") ?? false);
  ours = false;
});

mount(App, { target: document.body });
void chooseBridge().then((bridge) => store.try(() => store.begin(bridge)));

// The real bridge: each call is one command of the shell. The only file that imports @tauri-apps.
import { Channel, invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Bridge, Drag } from "./bridge";
import type { Picture } from "./wire";

async function subscribe(onPictures: (pictures: Picture[]) => void): Promise<() => void> {
  const channel = new Channel<Picture[]>();
  channel.onmessage = onPictures;
  await invoke("subscribe", { onPictures: channel });
  return () => {
    channel.onmessage = () => {};
  };
}

async function thumbnail(upload: string, ord: number, side: number): Promise<ArrayBuffer | null> {
  const bytes = await invoke<ArrayBuffer | null>("thumbnail", { upload, ord, side });
  return bytes instanceof ArrayBuffer && bytes.byteLength > 0 ? bytes : null;
}

export const tauri: Bridge = {
  hello: () => invoke("hello"),
  subscribe,
  onDrag: (handler) => listen<Drag>("gantry://drag", (event) => handler(event.payload)),
  chooseFiles: () => invoke("choose_files"),
  chooseFolder: () => invoke("choose_folder"),
  paste: () => invoke("paste"),
  samples: () => invoke("samples"),
  review: (upload) => invoke("review", { upload }),
  plan: (upload, plan) => invoke("plan", { upload, plan }),
  items: (upload, filter, first, count) => invoke("items", { upload, filter, first, count }),
  item: (upload, ord) => invoke("item", { upload, ord }),
  folders: (upload, parent) => invoke("folders", { upload, parent }),
  tableLines: (upload, table, why, first, count) => invoke("table_lines", { upload, table, why, first, count }),
  chooseTable: (upload) => invoke("choose_table", { upload }),
  thumbnail,
  approve: (upload) => invoke("approve", { upload }),
  pause: (upload) => invoke("pause", { upload }),
  goOn: (upload) => invoke("go_on", { upload }),
  stop: (upload) => invoke("stop", { upload }),
  cancel: (upload) => invoke("cancel", { upload }),
  forget: (upload) => invoke("forget", { upload }),
  retry: (upload, code, ord) => invoke("retry", { upload, code, ord }),
  decideClash: (upload, how, ord) => invoke("decide_clash", { upload, how, ord }),
  setAside: (upload, code, ord) => invoke("set_aside", { upload, code, ord }),
  troubles: (upload) => invoke("troubles", { upload }),
  exportTroubles: (upload, code) => invoke("export_troubles", { upload, code }),
  history: (find) => invoke("history", { find }),
  openReceipt: (upload, format) => invoke("open_receipt", { upload, format }),
  copyCommand: (upload) => invoke("copy_command", { upload }),
  connections: () => invoke("connections"),
  addConnection: (form) => invoke("add_connection", { form }),
  testConnection: (name) => invoke("test_connection", { name }),
  removeConnection: (name, force) => invoke("remove_connection", { name, force }),
  platform: (connection) => invoke("platform", { connection }),
  tryPlatform: (form) => invoke("try_platform", { form }),
  createContainer: (connection, made) => invoke("create_container", { connection, new: made }),
  chooseFolderPath: () => invoke("choose_folder_path"),
  choosePath: () => invoke("choose_path"),
  benchChoose: () => invoke("bench_choose"),
  benchSay: (bench, form, columns) => invoke("bench_say", { bench, form, columns }),
  benchAgain: (bench) => invoke("bench_again", { bench }),
  benchClose: (bench) => invoke("bench_close", { bench }),
  benchUpload: (bench) => invoke("bench_upload", { bench }),
  benchRegister: (bench, register) => invoke("bench_register", { bench, register }),
  benchView: (bench) => invoke("bench_view", { bench }),
  benchPage: (bench, filter, first, count) => invoke("bench_page", { bench, filter, first, count }),
  benchRow: (bench, row) => invoke("bench_row", { bench, row }),
  benchPictures: (bench, on, priv) => invoke("bench_pictures", { bench, on, private: priv }),
  benchPicture: (bench, row, side) => invoke("bench_picture", { bench, row, side }),
  benchStop: (bench) => invoke("bench_stop", { bench }),
  benchRepair: (bench, about, planned) => invoke("bench_repair", { bench, about, planned }),
  benchRemove: (bench, about, planned) => invoke("bench_remove", { bench, about, planned }),
  benchSaveAndRegister: (bench, register) => invoke("bench_save_and_register", { bench, register }),
  benchSave: (bench, good) => invoke("bench_save", { bench, good }),
  benchConvert: (bench, to) => invoke("bench_convert", { bench, to }),
  benchSaveLeft: (bench) => invoke("bench_save_left", { bench }),
  benchCompare: (bench) => invoke("bench_compare", { bench }),
  benchBuild: (bench, template) => invoke("bench_build", { bench, template }),
  benchWeigh: (bench, to) => invoke("bench_weigh", { bench, to }),
  benchDifferences: (bench, kind, first, count) => invoke("bench_differences", { bench, kind, first, count }),
  benchLookUp: (bench, sample, priv) => invoke("bench_look_up", { bench, sample, private: priv }),
  benchMeasure: (bench, priv) => invoke("bench_measure", { bench, private: priv }),
  benchCanSign: (bench, about) => invoke("bench_can_sign", { bench, about }),
  benchSign: (bench, about, days) => invoke("bench_sign", { bench, about, days }),
  benchAsk: (bench, connection) => invoke("bench_ask", { bench, connection }),
  benchFolder: () => invoke("bench_folder"),
  benchFromFolder: (connection, prefix, form) => invoke("bench_from_folder", { connection, prefix, form }),
  benchMaking: () => invoke("bench_making"),
  benchMakingStop: () => invoke("bench_making_stop"),
  benchPreview: (bench, template) => invoke("bench_preview", { bench, template }),
  copies: () => invoke("copies"),
  settings: (settings) => invoke("settings", { settings }),
  openLink: (url) => invoke("open_link", { url }),
  openContainer: (upload) => invoke("open_container", { upload }),
  copy: (text) => invoke("copy", { text }),
  repair: () => invoke("repair"),
  quit: () => invoke("quit"),
};

// One event changes the state into the next. Pure: no clock, no calls.
import type { Drag } from "../bridge/bridge";
import type { Picture } from "../bridge/wire";
import type { Event, Screen, State } from "./model";

/** The review opens when so many files are looked at, or all. */
export const ENOUGH_TO_REVIEW = 200;

export function reduce(state: State, event: Event): State {
  switch (event.is) {
    case "hello":
      return { ...state, hello: event.hello };
    case "settings":
      return state.hello ? { ...state, hello: { ...state.hello, settings: event.settings } } : state;
    case "pictures":
      return hear(state, event.pictures);
    case "drag":
      return drag(state, event.drag);
    case "tab":
      return { ...rest(state), tab: event.tab, connect: null, doctor: null };
    case "given":
      return { ...rest(state), tab: "upload", shown: event.upload, over: "", connect: null, doctor: null };
    case "open":
      return { ...rest(state), tab: "upload", shown: event.picture.upload, over: "", pictures: put(state, [event.picture]) };
    case "door":
      return { ...rest(state), tab: "manifests", door: event.door, dropped: event.dropped ?? false, connect: null, doctor: null };
    case "bay":
      return { ...rest(state), tab: "upload", shown: "", over: "" };
    case "gone":
      return { ...rest(state), shown: state.shown === event.upload ? "" : state.shown, over: "", pictures: without(state, event.upload) };
    case "over":
      return { ...state, over: event.over, aside: event.aside ?? false, trouble: null };
    case "connect":
      return { ...rest(state), tab: "connections", connect: { kind: event.kind, row: event.row }, doctor: null };
    case "doctor":
      return { ...rest(state), tab: "connections", connect: null, doctor: event.row };
    case "failed":
      return { ...state, trouble: event.trouble };
    case "understood":
      return rest(state);
  }
}

/** What an event clears: the last failure, the last refused drop. */
function rest(state: State): State {
  return { ...state, trouble: null, refused: false };
}

function put(state: State, pictures: readonly Picture[]): ReadonlyMap<string, Picture> {
  const known = new Map(state.pictures);
  for (const picture of pictures) known.set(picture.upload, picture);
  return known;
}

function without(state: State, upload: string): ReadonlyMap<string, Picture> {
  const known = new Map(state.pictures);
  known.delete(upload);
  return known;
}

function hear(state: State, pictures: readonly Picture[]): State {
  const known = put(state, pictures);
  if (state.heard) return { ...state, pictures: known };
  // The first news after the start: whatever was under way is what the person wants to see.
  const going = pictures.filter((p) => ["reading", "review", "planning", "sending", "paused"].includes(p.phase));
  const finished = pictures.filter((p) => p.phase === "finished");
  return { ...state, heard: true, pictures: known, shown: state.shown || (latest(going) ?? latest(finished) ?? "") };
}

function latest(pictures: readonly Picture[]): string | undefined {
  return [...pictures].sort((a, b) => b.created.localeCompare(a.created))[0]?.upload;
}

function drag(state: State, event: Drag): State {
  switch (event.kind) {
    case "enter":
    case "over":
      return { ...state, held: event.count ?? state.held ?? 0 };
    case "leave":
      return { ...state, held: null };
    case "refused":
      return { ...state, held: null, refused: !event.trouble, trouble: event.trouble ?? null };
    case "drop": {
      const landed = { ...state, held: null };
      if (event.manifest) return reduce(landed, { is: "door", door: event.manifest, dropped: true });
      return event.upload ? reduce(landed, { is: "given", upload: event.upload }) : landed;
    }
  }
}

export function shownPicture(state: State): Picture | null {
  return state.pictures.get(state.shown) ?? null;
}

/** Which screen the window shows. */
export function screenOf(state: State): Screen {
  if (state.tab === "connections") return state.connect ? "connect" : "connections";
  if (state.tab === "manifests") return state.door && !state.door.trouble ? "bench" : "manifests";
  if (state.tab !== "upload") return state.tab;
  // A drop was taken and nothing was heard of it yet: it is being counted.
  const picture = shownPicture(state);
  if (state.shown !== "" && picture === null) return "counting";
  return picture === null ? "upload" : screenOfPhase(picture);
}

function screenOfPhase(picture: Picture): Screen {
  switch (picture.phase) {
    case "reading":
      return picture.looked >= ENOUGH_TO_REVIEW && !picture.manifest ? "review" : "counting";
    case "review":
      return "review";
    case "planning":
    case "sending":
    case "paused":
      return "sending";
    case "stopped":
    case "finished":
    case "cancelled":
      return "done";
  }
}

/** Unfinished uploads that are not on the screen, latest first. */
export function elsewhere(state: State): Picture[] {
  const here = state.tab === "upload" ? state.shown : "";
  return [...state.pictures.values()]
    .filter((p) => p.upload !== here && !["finished", "cancelled"].includes(p.phase))
    .sort((a, b) => b.created.localeCompare(a.created));
}

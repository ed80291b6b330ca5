// Sentences by name, from the one table that window and console share.
import { FluentBundle, FluentNumber, FluentResource } from "@fluent/bundle";
import type { Trouble } from "../bridge/bridge";
import type { FindingGroup, State } from "../bridge/wire";
import table from "../../../src-tauri/model/words/en.ftl?raw";
import * as format from "./format";

/** A number that chooses the plural form and is shown with its digits in groups. */
class Count extends FluentNumber {
  override toString(): string {
    return format.count(this.value);
  }
}

export type Args = Record<string, number | string>;

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

// A made-up language for tests: longer by more than a third, in brackets, with accents.
const pseudo = __SCRIPTED__ && typeof location !== "undefined" && new URLSearchParams(location.search).has("pseudo");
const ACCENTS: Record<string, string> = { a: "á", e: "ë", i: "ï", o: "ô", u: "ü", n: "ñ", c: "ç", A: "Å", E: "É", U: "Ü", N: "Ñ" };
const longer = (text: string) => (/\p{L}/u.test(text) ? text.replace(/[a-zA-Z]/g, (letter) => ACCENTS[letter] ?? letter).replace(/\p{L}{4,}/gu, (word) => `${word}${word.slice(-Math.ceil(word.length / 2))}`) : text);

const bundle = new FluentBundle("en", { useIsolating: false, ...(pseudo ? { transform: longer } : {}) });
export const mistakes = bundle.addResource(new FluentResource(table));

function wrap(args: Args): Record<string, FluentNumber | string> {
  const wrapped: Record<string, FluentNumber | string> = {};
  for (const [name, value] of Object.entries(args)) {
    if (typeof value === "number") wrapped[name] = new Count(value);
    // A right-to-left name must not turn the sentence around it.
    else wrapped[name] = RIGHT_TO_LEFT.test(value) ? `\u2068${value}\u2069` : value;
  }
  return wrapped;
}

// The window's own sentences stand under `ui-` in the table; the others it shares with the console.
function pattern(id: string) {
  const [name = "", attribute] = id.split(".");
  const message = bundle.getMessage(`ui-${name}`) ?? bundle.getMessage(name);
  return attribute ? message?.attributes[attribute] : message?.value;
}

/** True when there is a sentence under this name. */
export function has(id: string): boolean {
  return pattern(id) != null;
}

/** The sentence under `id`; an unknown id is shown as itself, a missing fact as a dash. */
export function say(id: string, args: Args = {}): string {
  const found = pattern(id);
  if (found == null) return id;
  const values = wrap(args);
  const errors: Error[] = [];
  const text = bundle.formatPattern(found, values, errors);
  const missing = errors.flatMap((error) => /Unknown variable: \$([\w-]+)/.exec(error.message)?.[1] ?? []);
  if (missing.length === 0) return text;
  for (const name of missing) values[name] = "–";
  return bundle.formatPattern(found, values, []);
}

/** What is told of: an upload of files, or of the rows of a manifest. */
export interface Told {
  manifest: boolean;
}

/** The name of the sentence about rows, where rows of a manifest are registered and there is one. */
function ofRows(told: Told, id: string): string {
  const [name = "", attribute] = id.split(".");
  const rows = attribute ? `${name}-of-rows.${attribute}` : `${name}-of-rows`;
  return told.manifest && has(rows) ? rows : id;
}

/** The sentence under `id` about an upload. */
export const sayOf = (told: Told, id: string, args: Args = {}): string => say(ofRows(told, id), args);

const word = (code: string) => code.replaceAll("_", "-");

const FILES: Told = { manifest: false };

export const stateWord = (state: State, told: Told = FILES): string => sayOf(told, `state-${word(state)}`);

/** Title, body or action of a problem, with its measured facts. `going`: the body where it really goes on by itself. */
export function problem(code: string, part: "title" | "body" | "going" | "action", facts: Record<string, string> = {}, told: Told = FILES): string {
  const id = `problem-${word(code)}`;
  return sayOf(told, part === "going" && !has(`${id}.going`) ? `${id}.body` : `${id}.${part}`, facts);
}

export const troubleText = (trouble: Trouble): string =>
  `${problem(trouble.code, "title", trouble.facts)}. ${problem(trouble.code, "body", trouble.facts)}`;

/** The sentence of a finding, for all its files or for one. */
export const ruleText = (group: Pick<FindingGroup, "rule" | "value">, count: number): string =>
  say(`rule-${word(group.rule)}`, { count, value: group.value });

export function spanText(seconds: number): string {
  const { id, args } = format.span(seconds);
  return say(id, args);
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });

const midnight = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** A moment as people say it: Today 10:42, Yesterday 17:02, 3 Nov 16:40. */
export function when(stamp: string, now: Date = new Date()): string {
  const at = new Date(stamp);
  if (stamp === "" || Number.isNaN(at.getTime())) return "";
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  const time = clock.format(at);
  if (days === 0) return say("when-today", { time });
  if (days === 1) return say("when-yesterday", { time });
  if (at.getFullYear() === now.getFullYear()) return say("when-day", { day: day.format(at), time });
  return dayOfYear.format(at);
}

/** Date and time in full, as documents write them. */
export function moment(stamp: string): string {
  const at = new Date(stamp);
  return stamp === "" || Number.isNaN(at.getTime()) ? "" : full.format(at);
}

/** The time of day only. */
export function timeOf(stamp: string): string {
  const at = new Date(stamp);
  return stamp === "" || Number.isNaN(at.getTime()) ? "" : clock.format(at);
}

/** A day of a moment, in words: 4 Dec 2026. */
export const dateText = (at: Date): string => dayOfYear.format(at);

/** The platform by its name, with the dataset or project: `Labelbox · Street signs`. */
export const platformText = (kind: string, container: string): string => say("platform-and-container", { platform: say(`kind-${kind}`), container });

/** A day such as 2026-11-12, in words. */
export function dayText(stamp: string): string {
  const at = new Date(`${stamp}T12:00:00`);
  return Number.isNaN(at.getTime()) ? stamp : dayOfYear.format(at);
}

// The one store of the window: holds the state, speaks to the bridge, tells the screen reader.
import { asTrouble, type Bridge, type Drag } from "../bridge/bridge";
import type { BenchDoor, Picture } from "../bridge/wire";
import { problem, say, sayOf } from "../words/say";
import { open } from "./account";
import { Announcer, type Spoken } from "./announce";
import { Drops } from "./drops";
import { blank, type Event, type State } from "./model";
import { reduce } from "./reduce";

const CAUSES_EVERY_MS = 1000;

class Store {
  state = $state.raw<State>(blank);
  /** The last polite announcement. */
  spoken = $state("");
  bridge!: Bridge;

  private drops = new Drops(() => this.dragged({ kind: "refused" }));
  private announcer = new Announcer();
  private needs = new Map<string, { known: number; at: number; later: boolean }>();

  send(event: Event): void {
    this.state = reduce(this.state, event);
  }

  async begin(bridge: Bridge): Promise<void> {
    this.bridge = bridge;
    this.send({ is: "hello", hello: await bridge.hello() });
    await bridge.onDrag((drag) => {
      if (drag.kind === "drop" || drag.kind === "refused") this.drops.told();
      this.dragged(drag);
    });
    await bridge.subscribe((pictures) => this.hear(pictures));
  }

  /** Does one thing; a failure is kept for the banner. True when it went well. */
  async try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.send({ is: "failed", trouble: asTrouble(thrown) });
      return false;
    }
  }

  /** Takes what the person gives, through whichever door. */
  async take(door: () => Promise<string | null>): Promise<void> {
    await this.try(async () => {
      const upload = await door();
      if (upload !== null) this.send({ is: "given", upload });
    });
  }

  /** Opens a manifest through whichever door; the one that was open before is put away. */
  async openManifest(door: () => Promise<BenchDoor | null>): Promise<void> {
    await this.try(async () => {
      const before = this.state.door;
      const opened = await door();
      if (opened === null) return;
      this.send({ is: "door", door: opened });
      if (before && before.id !== opened.id) await this.bridge.benchClose(before.id);
    });
  }

  /** Something from elsewhere was dropped, as the page saw it. */
  saw(mayBeFiles: boolean): void {
    this.drops.saw(mayBeFiles);
  }

  announce(text: string): void {
    // The same words twice in a row would not be heard the second time.
    this.spoken = text === this.spoken ? `${text}\u200b` : text;
  }

  private dragged(drag: Drag): void {
    const before = this.state.door;
    this.send({ is: "drag", drag });
    if (drag.manifest && before && before.id !== drag.manifest.id) void this.try(() => this.bridge.benchClose(before.id));
    if (drag.kind === "refused" && !drag.trouble) this.announce(say("drop-refused"));
  }

  private hear(pictures: Picture[]): void {
    this.send({ is: "pictures", pictures });
    for (const picture of pictures) {
      this.tell(picture, this.announcer.next(picture));
      this.lookForCauses(picture);
    }
  }

  private tell(picture: Picture, spoken: Spoken[]): void {
    for (const { id, args } of spoken) {
      const title = typeof args["code"] === "string" ? problem(args["code"], "title", {}, picture) : "";
      this.announce(sayOf(picture, id, { ...args, title }));
    }
  }

  /** Asks which causes there are when more files need the person, at most once a second, and once more after the last. */
  private lookForCauses(picture: Picture): void {
    const { upload, phase } = picture;
    const now = open(picture.account);
    const seen = this.needs.get(upload) ?? { known: 0, at: -Infinity, later: false };
    this.needs.set(upload, seen);
    if (!["planning", "sending", "finished"].includes(phase) || now <= seen.known || seen.later) return;
    seen.later = true;
    setTimeout(() => {
      seen.later = false;
      seen.at = performance.now();
      seen.known = now;
      this.bridge.troubles(upload).then(
        (groups) => groups.filter((group) => group.state === "needs_you").forEach((group) => this.tell(picture, this.announcer.cause(upload, group.code, group.count))),
        () => {},
      );
    }, Math.max(0, seen.at + CAUSES_EVERY_MS - performance.now()));
  }
}

export const store = new Store();

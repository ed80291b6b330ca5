// A drop that the program does not hear of. On Linux only files reach it; text and pictures of a browser end in the page.

/** How long the program may take to tell of a drop that the page saw, in milliseconds. */
const WAIT_MS = 300;

export class Drops {
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private heard = -Infinity;

  /** `refuse` says that nothing of the drop was a file. */
  constructor(private refuse: () => void, private now: () => number = () => performance.now()) {}

  /** The program told of a drop: its word holds. */
  told(): void {
    this.heard = this.now();
    clearTimeout(this.waiting);
  }

  /** The page saw a drop. What may be files is the program's to take: it has a moment to say so. */
  saw(mayBeFiles: boolean): void {
    clearTimeout(this.waiting);
    if (this.now() - this.heard < WAIT_MS) return;
    if (!mayBeFiles) this.refuse();
    else this.waiting = setTimeout(() => this.refuse(), WAIT_MS);
  }
}

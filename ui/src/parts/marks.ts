// The product's own signs, on a grid of 16: filled = final or serious, outlined = on the way. Each differs in silhouette.

export interface Mark {
  /** Filled shape. */
  fill?: string;
  /** Drawn line. */
  line?: string;
  width?: number;
  dashed?: boolean;
}

const BOX = "M2 3.75h12v8.5H2z";
const OCTAGON =
  "M14.47 10.68 10.68 14.47 5.32 14.47 1.53 10.68 1.53 5.32 5.32 1.53 10.68 1.53 14.47 5.32ZM9.73 5.07 10.93 6.27 9.20 8.00 10.93 9.73 9.73 10.93 8.00 9.20 6.27 10.93 5.07 9.73 6.80 8.00 5.07 6.27 6.27 5.07 8.00 6.80Z";
const TICK: Mark = { line: "M2.6 8.4l3.6 3.5 7.2-7.6", width: 1.9 };
const PORTAL = "M0 1h16v2h-1v12h-2V3H3v12H1V3H0z";

export const MARKS: Record<string, Mark> = {
  found: { line: BOX, dashed: true },
  checked: { line: `${BOX}M5 8.1l2.1 2 3.9-4` },
  ready: { line: BOX, fill: "M4.5 6.25h7v3.5h-7z" },
  blocked: { fill: OCTAGON },
  sending: { fill: "M1 4.5h8v7H1zM3.2 6v4h1V6zM5.8 6v4h1V6z", line: "M10.5 8h4.2M12.4 5.4 15 8l-2.6 2.6" },
  sent: { line: "M1.5 8h8.6M7 4.9 10.1 8 7 11.1M13.5 2.5v11" },
  verified: TICK,
  okay: TICK,
  registered: { fill: "M1.5 2.5h13v11h-13zM3.41 8.51 6.93 11.91 12.62 5.78 11.38 4.62 6.87 9.49 4.59 7.29Z" },
  visible: { line: "M1 8c1.9-2.9 4.2-4.3 7-4.3S13.1 5.1 15 8c-1.9 2.9-4.2 4.3-7 4.3S2.9 10.9 1 8z", fill: "M10.3 8a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z" },
  waiting: { line: "M14.2 8A6.2 6.2 0 1 1 1.8 8a6.2 6.2 0 0 1 12.4 0zM8 4.3V8l2.5 1.7" },
  set_aside: { line: `${BOX}M5 8h6` },
  cancelled: { line: `${BOX}M4 10.5l8-5` },
  same: { line: "M2.5 5.75h11M2.5 10.25h11", width: 1.9 },
  clash: { line: "M10.25 5.5V2.75h-8.5v7h3.5M5.75 6h8.5v7h-8.5z" },
  needs_you: { fill: "M8 .4 15.6 8 8 15.6.4 8zM7.1 3.9l.3 5h1.2l.3-5zM8 10a1 1 0 1 0 0 2 1 1 0 0 0 0-2z" },
  warning: { fill: "M8 1 15.6 14.5H.4zM7.15 5.6l.3 4.7h1.1l.3-4.7zM8 11.2a.95.95 0 1 0 0 1.9.95.95 0 0 0 0-1.9z" },
  note: { line: "M14.25 8A6.25 6.25 0 1 1 1.75 8a6.25 6.25 0 0 1 12.5 0zM8 7.2v4.2", fill: "M8.95 4.9a.95.95 0 1 1-1.9 0 .95.95 0 0 1 1.9 0z" },
  skipped: { line: "M3 8h10", width: 1.9 },
  "tray-idle": { fill: PORTAL },
  "tray-working": { fill: `${PORTAL}M7 3h2v4h2v6H5V7h2z` },
  "tray-paused": { fill: `${PORTAL}M5 6h2v7H5zM9 6h2v7H9z` },
  "tray-needs": { fill: `${PORTAL}M7 5h2v5H7zM7 11h2v2H7z` },
  "tray-offline": { fill: "M0 1h12.6l-2 2H3v7.6l-2 2V3H0zM13 5.4l2-2V15h-2zM.3 14.3l14-14 1.4 1.4-14 14z" },
};

/** The class that colours a sign. Colour helps, it never tells. */
export const TINTS: Record<string, string> = {
  blocked: "c-bad",
  needs_you: "c-needs",
  warning: "c-warn",
  note: "c-info",
};

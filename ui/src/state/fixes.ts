// What a person decides about findings: fixes on copies, and rules that hold files until they say yes. Pure.
import type { FindingGroup, Fix, Picture, Plan } from "../bridge/wire";

/** The order in which fixes are done, and shown. */
const ORDER: Fix[] = ["gps", "rotate", "scale", "convert"];

/** The fix that a button beside this finding offers; none once the plan has it. */
export const offered = (group: FindingGroup, plan: Plan): Fix | null => (group.fix && group.fixable > 0 && !plan.fixes.includes(group.fix) ? group.fix : null);

export const withFix = (plan: Plan, fix: Fix): Fix[] => ORDER.filter((one) => one === fix || plan.fixes.includes(one));
export const withoutFix = (plan: Plan, fix: Fix): Fix[] => plan.fixes.filter((one) => one !== fix);

/** The rules that the person has said yes to, with or without this one. */
export const confirming = (plan: Plan, rule: string, yes: boolean): string[] => [...plan.confirmed.filter((one) => one !== rule), ...(yes ? [rule] : [])];

/** Copies are being made just now. */
export const making = (picture: Pick<Picture, "copies_wanted">): boolean => picture.copies_wanted > 0;

import type { ThresholdClass } from './types.ts';

/** A host that counts more than this has Windows clients: it is the cap of one that serves servers alone. */
export const MANY_CLIENTS = 10;

/** What shows whether a host is there for a class. */
export interface Serving {
  /** The classes of its configuration. */
  readonly configured: readonly ThresholdClass[] | undefined;
  /** Client ids that asked it for the class in the last 30 days. */
  readonly clients: number;
  /** An unexpired lease of the class was last asked there. */
  readonly hasLease: boolean;
  /** A record of its log is from the last 30 days. */
  readonly hasRecords: boolean;
  /** What its keys cover, by a fresh report; none if there is no such report. */
  readonly keyClasses: readonly ThresholdClass[];
  /** Its own number of Windows clients was above `MANY_CLIENTS` within 30 days. */
  readonly hadMany: () => boolean;
}

/** Whether a host serves a class: by its configuration, else by its log, else by its keys. */
export function serves(serving: Serving, cls: ThresholdClass): boolean {
  if (serving.configured !== undefined) return serving.configured.includes(cls);
  if (serving.clients >= 2 || serving.hasLease) return true;
  if (serving.hasRecords || !serving.keyClasses.includes(cls)) return false;
  // A key for Windows Server covers clients that a site may not have.
  return cls !== 'client' || serving.hadMany();
}

/**
 * Whether a host serves a class for all that is known. A log that is young, or has a gap, does not show that it does not.
 * @param isYoung whether the log is not known for the last 30 days
 */
export function mayServe(serving: Serving, cls: ThresholdClass, isYoung: boolean): boolean {
  if (serves(serving, cls)) return true;
  if (serving.configured !== undefined || !isYoung) return false;
  return serving.keyClasses.length === 0 || serving.keyClasses.includes(cls);
}

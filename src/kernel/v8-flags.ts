import { setFlagsFromString } from 'node:v8';

/** The V8 of Node 24. Another one may have dropped a flag, and V8 complains on standard error of those it does not know. */
const KNOWN = '13.6.';

/** The flags, where this V8 is known to have them. @param version of V8, as in `process.versions` */
export function knownFlags(flags: readonly string[], version: string): readonly string[] {
  return version.startsWith(KNOWN) ? flags : [];
}

/** Sets flags of V8 that save memory; with a V8 that was not tried, none. */
export function setFlags(flags: readonly string[]): void {
  for (const flag of knownFlags(flags, process.versions.v8)) setFlagsFromString(flag);
}

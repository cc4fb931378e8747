import type { HostSystem } from './host-systems.ts';
import type { Release } from './releases.ts';
import type { Source } from './sources.ts';

/** The first update with which a Windows version knows a key; later cumulative ones do too. `none` if it knows it from the start. */
export type Update = `KB${number}` | 'none';

export interface HostKeyCoverage {
  /** Releases whose volume editions it activates. */
  readonly covers: readonly Release[];
  /** Releases of which the sources leave open whether it does. */
  readonly unsure?: readonly Release[];
  /** Windows versions that can hold it, and after which update. Undefined if no source tells. */
  readonly holds?: Partial<Readonly<Record<HostSystem, Update>>>;
  /** What has to be installed on the host first. */
  readonly pack?: string;
  readonly source: Source;
}

import { HOST_KEY_COVERAGE } from './host-key-coverage.ts';
import { HOST_SYSTEMS, type HostSystem, systemOf } from './host-systems.ts';

/**
 * Whether a Windows can hold a KMS host key.
 * `update`: the first update with which it knows the key; undefined if it needs none.
 * `pack`: what has to be installed first.
 * `azure_edition`: it cannot be a KMS host. `evaluation`: it has to be converted to a full edition first.
 * `too_old`: it is older than any Windows that can. `other_kind`: a server key on a client Windows, or the reverse.
 */
export type Holding =
  | { readonly answer: 'yes'; readonly update: string | undefined; readonly pack: string | undefined }
  | { readonly answer: 'no'; readonly reason: 'azure_edition' | 'evaluation' | 'too_old' | 'other_kind' }
  | { readonly answer: 'unknown' };

const UNKNOWN: Holding = { answer: 'unknown' };

/**
 * @param os the caption of the host's Windows, as its report has it
 * @param hostKey activation id of the key, lower case
 */
export function canHold(os: string, hostKey: string): Holding {
  if (/Azure Edition/i.test(os)) return { answer: 'no', reason: 'azure_edition' };
  if (/\bEvaluation\b/i.test(os)) return { answer: 'no', reason: 'evaluation' };
  const system = systemOf(os);
  const { holds, pack } = HOST_KEY_COVERAGE.get(hostKey) ?? {};
  if (system === undefined || holds === undefined) return UNKNOWN;
  const update = holds[system];
  if (update !== undefined) return { answer: 'yes', update: update === 'none' ? undefined : update, pack };
  return refusalOf(system, holds);
}

/** A version newer than all that a source names may know the key or not: then nothing is said. */
function refusalOf(system: HostSystem, holds: Partial<Record<HostSystem, string>>): Holding {
  const versions: readonly HostSystem[] =
    Object.values(HOST_SYSTEMS).find((systems: readonly HostSystem[]) => systems.includes(system)) ?? [];
  const oldest = versions.findIndex((version) => holds[version] !== undefined);
  if (oldest < 0) return { answer: 'no', reason: 'other_kind' };
  return versions.indexOf(system) < oldest ? { answer: 'no', reason: 'too_old' } : UNKNOWN;
}

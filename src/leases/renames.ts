import type { Seconds } from '../kernel/time.ts';
import type { FormerName, NewName } from './story.ts';
import type { LeaseRequest } from './types.ts';

type NamedUse = Pick<LeaseRequest, 'machine' | 'clientId' | 'time'>;

/**
 * Names that a machine had before, newest first: those of a client id that it used itself later. A name that came after its
 * own is what it was called then, if it is the same machine at all.
 * @param newest its last request @param uses of all its client ids, newest first
 */
export function formerNames({ machine }: NamedUse, uses: readonly NamedUse[]): FormerName[] {
  const names = new Map<string, Seconds>();
  const used = new Set<string>();
  for (const use of uses) {
    if (use.machine === machine) used.add(use.clientId);
    else if (used.has(use.clientId) && !names.has(use.machine)) names.set(use.machine, use.time);
  }
  return [...names].map(([name, lastUsed]) => ({ machine: name, lastUsed }));
}

/** What a machine is called now, and since when. @param newest its last request under this name @param uses newest first */
export function renamedTo(newest: NamedUse, uses: readonly NamedUse[]): NewName | undefined {
  const later = uses.filter(({ clientId }) => clientId === newest.clientId);
  const now = later[0];
  if (now === undefined || now.machine === newest.machine) return undefined;
  const since = later.slice(
    0,
    later.findIndex(({ machine }) => machine === newest.machine),
  );
  const first = since.findLast(({ machine }) => machine === now.machine);
  return { machine: now.machine, since: first?.time ?? now.time };
}

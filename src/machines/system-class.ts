import type { LeaseClass } from '../leases/types.ts';

/** The class of a machine's Windows by the words of a source for its operating system. */
export function classOfSystem(system: string | null): LeaseClass {
  if (system === null) return 'unknown';
  if (/server|hyper-v/i.test(system)) return 'server';
  return /windows|\bwin/i.test(system) ? 'client' : 'unknown';
}

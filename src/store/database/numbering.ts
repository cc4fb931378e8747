import type { LeaseClass, Pool } from '../../leases/types.ts';

/** Classes and pools as the database numbers them. */
export const CLASSES = ['client', 'server', 'office', 'unknown'] as const satisfies readonly LeaseClass[];
export const POOLS = ['windows', 'office'] as const satisfies readonly Pool[];
export const LOGS = ['application', 'kms'] as const;

/** Groups of classes by their numbers. */
export const GROUPS = [0, 1, 2] as const;

/** Classes that can take each other's place, as in `supersessionGroup`. */
export function groupNo(cls: number): number {
  return cls <= 1 ? 0 : cls - 1;
}

export function classNo(cls: LeaseClass): number {
  return CLASSES.indexOf(cls);
}

export function classOf(no: number): LeaseClass {
  return CLASSES[no] ?? 'unknown';
}

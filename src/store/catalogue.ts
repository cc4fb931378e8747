import type { LeaseClass, Pool } from '../leases/types.ts';
import type { StoreSettings } from './settings.ts';

/** Classes and pools as the database numbers them. */
export const CLASSES = ['client', 'server', 'office', 'unknown'] as const satisfies readonly LeaseClass[];
export const POOLS = ['windows', 'office'] as const satisfies readonly Pool[];
export const LOGS = ['application', 'kms'] as const;

/** Classes that can take each other's place, as `supersessionGroup` has them. */
export function groupNo(cls: number): number {
  return cls <= 1 ? 0 : cls - 1;
}

export function classOf(no: number): LeaseClass {
  return CLASSES[no] ?? 'unknown';
}

export function poolOf(cls: LeaseClass): Pool | undefined {
  if (cls === 'unknown') return undefined;
  return cls === 'office' ? 'office' : 'windows';
}

/** What activation ids mean. */
export class Catalogue {
  readonly #names = new Map<string, { readonly name: string; readonly cls: LeaseClass }>();

  constructor(settings: StoreSettings) {
    for (const { activationId, name, cls } of settings.products) this.#names.set(activationId, { name, cls });
  }

  isNamed(activationId: string): boolean {
    return this.#names.has(activationId);
  }

  nameOf(activationId: string): string {
    return this.#names.get(activationId)?.name ?? activationId;
  }

  /** The activation ids with a name, or with this id. */
  idsNamed(text: string): string[] {
    const wanted = text.toLowerCase();
    const named = [...this.#names].filter(([, { name }]) => name.toLowerCase() === wanted).map(([id]) => id);
    return [...new Set([wanted, ...named])];
  }

  /** A product that no table names is a Windows client when it needs 25 of them. */
  classOf(activationId: string, nPolicy: number): LeaseClass {
    return this.#names.get(activationId)?.cls ?? (nPolicy === 25 ? 'client' : 'unknown');
  }
}

import { err, ok, type Result } from '../../kernel/result.ts';
import type { FaultName } from './faults.ts';
import { Page, type PageLimit } from './page.ts';

/** An enumeration under way: its items as they are written, and what did not fit into the last page. */
interface Enumeration {
  readonly items: Iterator<string>;
  pending: string | undefined;
  lastUsed: number;
}

export interface EnumerationPage {
  readonly items: readonly string[];
  /** Of the next Pull, another one each time; undefined: this was the last page. */
  readonly context: string | undefined;
}

export interface EnumerationOptions {
  readonly newId: () => string;
  /** Milliseconds, monotonic. */
  readonly monotonic: () => number;
  /** Milliseconds after which an idle one is forgotten. */
  readonly timeout: number;
  /** Under way at once. */
  readonly quota: number;
}

/** The enumerations of a host. */
export class Enumerations {
  readonly #open = new Map<string, Enumeration>();
  readonly #options: EnumerationOptions;

  constructor(options: EnumerationOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @param limit of the first page; undefined: it has no items, only a context */
  begin(items: Iterator<string>, limit: PageLimit | undefined): Result<EnumerationPage, FaultName> {
    this.#forgetIdle();
    if (this.#open.size >= this.#options.quota) return err('quota of operations');
    const enumeration = { items, pending: undefined, lastUsed: this.#options.monotonic() };
    if (limit === undefined) return ok({ items: [], context: this.#keep(enumeration) });
    return this.#page(enumeration, limit);
  }

  pull(context: string, limit: PageLimit): Result<EnumerationPage, FaultName> {
    this.#forgetIdle();
    const enumeration = this.#open.get(context);
    if (enumeration === undefined) return err('enumeration context not found');
    this.#open.delete(context);
    return this.#page(enumeration, limit);
  }

  /** @returns whether there was one */
  release(context: string): boolean {
    return this.#open.delete(context);
  }

  forgetAll(): void {
    this.#open.clear();
  }

  #page(enumeration: Enumeration, limit: PageLimit): Result<EnumerationPage, FaultName> {
    const page = new Page(limit);
    for (;;) {
      const item = enumeration.pending ?? next(enumeration.items);
      enumeration.pending = item;
      if (item === undefined) return ok({ items: page.items, context: undefined });
      if (!page.add(item)) break;
      enumeration.pending = undefined;
    }
    if (page.items.length === 0) return err('answer too large');
    return ok({ items: page.items, context: this.#keep(enumeration) });
  }

  #keep(enumeration: Enumeration): string {
    const context = this.#options.newId();
    enumeration.lastUsed = this.#options.monotonic();
    this.#open.set(context, enumeration);
    return context;
  }

  #forgetIdle(): void {
    const oldest = this.#options.monotonic() - this.#options.timeout;
    for (const [context, { lastUsed }] of this.#open) if (lastUsed < oldest) this.#open.delete(context);
  }
}

function next(items: Iterator<string>): string | undefined {
  const result = items.next();
  return result.done === true ? undefined : result.value;
}

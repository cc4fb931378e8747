import { printable } from '../kernel/host-name.ts';

/** "No value" of a uint32 property: -1 as it is written with a sign and without. */
const NO_VALUE = new Set([-1, 0xffff_ffff]);

/** How WMI's booleans are written: JSON's own, and the texts of WS-Management on Windows and elsewhere. */
const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  ['true', true],
  [1, true],
  ['1', true],
  [false, false],
  ['false', false],
  [0, false],
  ['0', false],
]);

/** Longer texts are of no use here: the longest, a product's description, has some hundred characters. */
const MAX_TEXT = 1_000;

/**
 * The properties of one WMI object, by their names in any casing; numbers and booleans may be texts, as WS-Management
 * and shells write them. What is null, missing or empty is no value.
 */
export class Properties {
  readonly #values = new Map<string, unknown>();
  readonly #named = new Set<string>();
  readonly #where: string;
  readonly #mistakes: string[];

  /**
   * @param where names the object for people, for example `products[0]`
   * @param mistakes gets what cannot be read
   */
  constructor(object: object, where: string, mistakes: string[]) {
    this.#where = where;
    this.#mistakes = mistakes;
    for (const [name, value] of Object.entries(object)) {
      const key = name.toLowerCase();
      this.#named.add(key);
      if (this.#values.get(key) === undefined) this.#values.set(key, value ?? undefined);
    }
  }

  /** Whether the property is there, with a value or without. */
  has(name: string): boolean {
    return this.#named.has(name.toLowerCase());
  }

  value(name: string): unknown {
    return this.#values.get(name.toLowerCase());
  }

  /** Text without the blanks around it. */
  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.#mistake(name, value, 'a string');
    const text = value.trim();
    if (text.length > MAX_TEXT) return this.#mistake(name, text, `a string of at most ${MAX_TEXT} characters`);
    return text === '' ? undefined : text;
  }

  /** A whole number from 0 to 2^53 - 1; -1 and 4294967295 are no value. */
  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined || (typeof value === 'string' && value.trim() === '')) return undefined;
    const number = numberOf(value);
    if (number !== undefined && NO_VALUE.has(number)) return undefined;
    if (number === undefined || number < 0) return this.#mistake(name, value, 'a whole number');
    return number;
  }

  /** The same where 0 means nothing. */
  positive(name: string): number | undefined {
    const number = this.number(name);
    return number === 0 ? undefined : number;
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || value === '') return undefined;
    const flag = FLAGS.get(typeof value === 'string' ? value.trim().toLowerCase() : value);
    return flag ?? this.#mistake(name, value, 'true or false');
  }

  #mistake(name: string, value: unknown, expected: string): undefined {
    const found = typeof value === 'object' ? 'an object or a list' : `'${printable(String(value), 40)}'`;
    this.#mistakes.push(`${this.#where}.${name} is ${found}: expected ${expected}`);
  }
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,16}$/.test(value.trim())) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

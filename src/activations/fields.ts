/** The fields of a log record, as found in any form and not yet checked. */
export interface EventFields {
  readonly eventId: unknown;
  readonly provider: unknown;
  readonly channel: unknown;
  /** The computer that wrote the record. */
  readonly host: unknown;
  readonly recordId: unknown;
  readonly time: unknown;
  /** The insertion strings, in their places. */
  readonly data: readonly unknown[];
  /** The rendered text: in the language of the machine that rendered it, so read only when there is no data. */
  readonly message: unknown;
  /** Why the record cannot be read, if the form knows a better reason than a missing field. */
  readonly problem?: string | undefined;
  /** Why no record can be read that was written in this way, and what to do. */
  readonly lacks?: string | undefined;
}

/** An object from untrusted JSON or XML. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object below a key, empty when there is none. */
export function below(object: Fields, key: string): Fields {
  const value = object[key];
  return isFields(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text of a field without the blanks around it; empty for whatever is neither a text nor a number. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' ? String(value) : '';
}

/** A whole number from 0 up, written as a number or in decimal digits. */
export function wholeOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

import type { LogName } from '../../activations/types.ts';
import { readObject } from '../../kernel/read-object.ts';

/** A record in a log. */
export interface LogPosition {
  readonly recordId: number;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** Up to where the logs of one host have been read, by a subscription or by queries. */
export interface ReadPlace {
  /** Of the subscription; undefined: it begins with the first record that there is. */
  readonly bookmark: string | undefined;
  /** The newest record of each log that was read. */
  readonly last: Readonly<Partial<Record<LogName, LogPosition>>>;
  /** When the logs were known to have nothing that was not read: seconds since the epoch, by the agent's clock. */
  readonly until: number;
}

const BEGINNING: ReadPlace = { bookmark: undefined, last: {}, until: 0 };

export function formatPlace(place: ReadPlace): string {
  return JSON.stringify(place);
}

/** Anything unknown means the beginning of the log: the store recognises records that were read before. */
export function parsePlace(text: string | undefined): ReadPlace {
  if (text === undefined) return BEGINNING;
  const { bookmark, last, until } = readObject<ReadPlace>(text) ?? {};
  return { bookmark, last: last ?? {}, until: until ?? 0 };
}

/** The place after some more records. */
export function placeAfter(
  { last }: ReadPlace,
  records: readonly { readonly log: LogName; readonly position: LogPosition }[],
): ReadPlace['last'] {
  const after = { ...last };
  for (const { log, position } of records) {
    const before = after[log];
    // A record id that falls with time going on is that of a log which was cleared.
    if (before === undefined || position.time > before.time || position.recordId > before.recordId)
      after[log] = position;
  }
  return after;
}

import { err, ok, type Result } from '../kernel/result.ts';
import { parseMachineName } from './machine-name.ts';
import { parseHresult } from './request-layout.ts';
import type { ClientEvent, ClientEventId } from './types.ts';

/** What clients write into their own log `Application` (kms-facts: Microsoft, Volume Activation Technical Reference). */
export const CLIENT_EVENTS: readonly ClientEventId[] = [12288, 12289, 12308, 1003, 8198];

const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
/** 180 days. */
const MAX_MINUTES = 259_200;
/** Longer than the list of every product that a Windows knows. */
const MAX_TEXT = 64 * 1024;
/** A product of 1003 that is licensed by volume, with its minutes: the last number of its list. */
const VOLUME =
  /([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}), 1, 1 \[(?:(?![0-9a-f]{8}-[0-9a-f]{4}-)[\s\S])*?algorithm\/volume\/[\d.]+ 0x[0-9a-f]{8} (\d{1,10})\)/gi;

/** @param strings the insertion strings, trimmed @param message for shippers that send no strings */
export function readClientEvent(
  eventId: ClientEventId,
  strings: readonly string[],
  message: string,
): Result<ClientEvent, string> {
  const given = strings.some((text) => text !== '') ? strings : [message];
  const fields = given.flatMap((text) =>
    eventId === 1003 ? [text] : text.slice(0, MAX_TEXT).split(/[,;\s]+(?:\w+\s?=\s?)?/),
  );
  const event = READERS[eventId](fields, given.join('\n').slice(0, MAX_TEXT));
  return event === undefined ? err(`its data do not fit event ${eventId}`) : ok({ ...EMPTY, eventId, ...event });
}

type Read = Partial<Omit<ClientEvent, 'kind' | 'eventId'>> | undefined;

const EMPTY = { kind: 'client', hresult: 0, activationId: null, host: null, answered: null, licences: [] } as const;

const READERS: Readonly<Record<ClientEventId, (fields: readonly string[], text: string) => Read>> = {
  // HRESULT, flags, host:port, client id, time, virtual, status, minutes, activation id, N-policy.
  12288: (fields) => {
    const place = fields.findIndex((field) => /^[^\s:]+:\d{1,5}$/.test(field));
    const hresult = fields
      .slice(0, place)
      .map(parseHresult)
      .find((number) => number !== undefined);
    const host = parseMachineName(fields[place]?.replace(/:\d+$/, '') ?? '');
    if (hresult === undefined || place === -1) return undefined;
    const ids = fields.slice(place).filter((field) => GUID.test(field));
    return { hresult, host: host.ok ? host.value : null, activationId: ids.at(-1)?.toLowerCase() ?? null };
  },
  // HRESULT, flags, 1 if it activated, unused, count, intervals, time.
  12289: (fields) => {
    const at = fields.findIndex((field) => parseHresult(field) !== undefined);
    const bound = fields[at + 2];
    if (at === -1 || !/^[01]$/.test(bound ?? '')) return undefined;
    return { hresult: parseHresult(fields[at] ?? '') ?? 0, answered: bound === '1' };
  },
  12308: (_, text) => {
    const id = GUID.exec(text)?.[0];
    return id === undefined ? undefined : { activationId: id.toLowerCase() };
  },
  1003: (_, text) => ({
    licences: [...text.matchAll(VOLUME)].flatMap(([, id = '', minutes]) =>
      Number(minutes) >= 1 && Number(minutes) <= MAX_MINUTES
        ? [{ activationId: id.toLowerCase(), minutes: Number(minutes) }]
        : [],
    ),
  }),
  8198: (_, text) => {
    const hresult = /0x[0-9a-f]{8}\b/i.exec(text)?.[0];
    const sku = /SkuId=([0-9a-f-]{36})/i.exec(text)?.[1];
    return hresult === undefined
      ? undefined
      : { hresult: parseHresult(hresult) ?? 0, activationId: sku?.toLowerCase() ?? null };
  },
};

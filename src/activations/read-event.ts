import { parseHostName } from '../kernel/host-name.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { CLIENT_EVENTS, readClientEvent } from './client-layout.ts';
import { parseEventTime } from './event-time.ts';
import { type EventFields, textOf, wholeOf } from './fields.ts';
import { quoted } from './refusals/refused-form.ts';
import { parseHresult, readRenderedRequest, readRequest } from './request-layout.ts';
import {
  type EventBody,
  type EventRecord,
  ignored,
  type LogName,
  refusedForm,
  rejected,
  type Unusable,
} from './types.ts';

/** Which log each event is in. Microsoft, Volume Activation Technical Reference, "KMS Host Events". */
const LOG_OF = new Map<number, LogName>([
  [12290, 'kms'],
  [12291, 'application'],
  [12292, 'application'],
  [12293, 'application'],
  [12294, 'application'],
  ...CLIENT_EVENTS.map((id) => [id, 'application'] as const),
]);

const CHANNELS = new Map<string, LogName>([
  ['key management service', 'kms'],
  ['application', 'application'],
]);

/**
 * The providers since Windows 7 and before, and the classic names of their sources. Ids are the provider's own: the
 * shadow copy service has a 12292 and a 12293 in the same log.
 */
const PROVIDERS: ReadonlySet<string> = new Set([
  'microsoft-windows-security-spp',
  'microsoft-windows-security-licensing-slc',
  'software protection platform service',
  'software licensing service',
  'security-spp',
  'security-licensing-slc',
  'kmsrequests',
]);

/** Longer than any name of a log or provider. */
const MAX_NAME = 256;

/**
 * Takes a record that some form has found, checks every field of it, and says why when it is not one to take.
 * @param parseHost `parseHostName`, or the same with a memory
 */
export function readEvent(fields: EventFields, parseHost = parseHostName): Result<EventRecord, Unusable> {
  if (fields.problem !== undefined) return err(rejected(fields.problem));
  if (fields.lacks !== undefined) return err(refusedForm(fields.lacks));
  const id = wholeOf(fields.eventId);
  if (id === undefined) return err(rejected('it has no event id'));
  const log = logOf(id, fields);
  if (!log.ok) return log;
  const host = parseHost(textOf(fields.host));
  if (!host.ok) return err(rejected(`the name of its computer cannot be used: ${host.error}`));
  const recordId = wholeOf(fields.recordId);
  if (recordId === undefined) return err(rejected(lackOfRecordId(textOf(fields.recordId))));
  const time = parseEventTime(fields.time);
  if (!time.ok) return err(rejected(time.error));
  const body = readBody(id, fields.data.map(textOf), fields.message);
  if (!body.ok) return err(rejected(body.error));
  return ok({ host: host.value, log: log.value, recordId, time: time.value, body: body.value });
}

function lackOfRecordId(text: string): string {
  if (text === '') return 'it has no record id';
  return `its record id ${quoted(text)} is not a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
}

function logOf(id: number, fields: EventFields): Result<LogName, Unusable> {
  const expected = LOG_OF.get(id);
  if (expected === undefined) return err(ignored('its id is not one of 12290 to 12294'));
  const channel = textOf(fields.channel);
  if (channel === '') return err(rejected('it does not name its log'));
  if (nameIn(CHANNELS, channel) !== expected) return err(ignored(`event ${id} is in the wrong log`));
  const provider = textOf(fields.provider);
  // Not every form names the provider; the data then have to be right all the same.
  if (provider !== '' && !(provider.length <= MAX_NAME && PROVIDERS.has(provider.toLowerCase()))) {
    return err(ignored(`event ${id} does not come from the licensing service`));
  }
  return ok(expected);
}

function nameIn<T>(names: ReadonlyMap<string, T>, name: string): T | undefined {
  return name.length <= MAX_NAME ? names.get(name.toLowerCase()) : undefined;
}

function readBody(id: number, strings: readonly string[], message: unknown): Result<EventBody, string> {
  if (id === 12290) {
    return strings.some((text) => text !== '') ? readRequest(strings) : readRenderedRequest(textOf(message));
  }
  const client = CLIENT_EVENTS.find((one) => one === id);
  if (client !== undefined) return readClientEvent(client, strings, textOf(message));
  return id <= 12292 ? readServiceFailure(id, strings) : readDnsPublish(id, strings);
}

function readServiceFailure(id: number, strings: readonly string[]): Result<EventBody, string> {
  for (const text of strings) {
    const hresult = parseHresult(text);
    if (hresult !== undefined) {
      return ok({ kind: 'service_failure', failure: id === 12291 ? 'init' : 'timer', hresult });
    }
  }
  return err(`its data do not fit event ${id}: expected an HRESULT`);
}

/** 12293 has an HRESULT and then the domain, 12294 the domain alone. */
function readDnsPublish(id: number, strings: readonly string[]): Result<EventBody, string> {
  for (const [index, text] of strings.entries()) {
    const hresult = id === 12294 ? 0 : parseHresult(text);
    const domain = parseHostName(id === 12294 ? text : (strings[index + 1] ?? ''));
    if (hresult !== undefined && domain.ok) {
      return ok({
        kind: 'dns_publish',
        result: id === 12294 ? 'success' : 'failure',
        domain: domain.value,
        hresult,
      });
    }
  }
  return err(`its data do not fit event ${id}: expected ${id === 12294 ? 'a domain' : 'an HRESULT and a domain'}`);
}

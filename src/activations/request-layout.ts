import { err, ok, type Result } from '../kernel/result.ts';
import { LICENSE_STATUS, parseLicenseStatus } from '../products/license-status.ts';
import { parseClientTime } from './event-time.ts';
import { parseMachineName } from './machine-name.ts';
import type { ActivationRequest } from './types.ts';

/**
 * The nine fields of 12290 (Microsoft, Volume Activation Technical Reference, "KMS Host Events"): HRESULT, N-policy,
 * machine, client machine id, client time, virtual, licence status, minutes, activation id.
 */
const FIELDS = 9;

/** A record has ten strings; far more are no 12290. */
const MAX_STRINGS = 64;
/** Nine fields need less than a fifth of it. */
const MAX_TEXT = 2048;

const GUID = /^\{?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\}?$/i;
const HRESULT = /^0x([0-9a-f]{1,8})$/i;
const NUMBER = /^\d{1,10}$/;
/** A DWORD, which some writers print with a sign. */
const MINUTES = /^-?\d{1,10}$/;
const U32 = 0xffff_ffff;

const NO_FIT =
  'its data do not fit event 12290: expected HRESULT, count, machine, client id, time, virtual, status, minutes, activation id';

/**
 * Finds the nine fields among the strings of a 12290. Windows 7 / Server 2008 R2 and later write ten strings with the
 * fields from the second on, older hosts one string with commas; shippers drop and shift strings. So the place is found
 * by what the fields are, the two GUIDs first, and never guessed: where nothing fits, the record is refused.
 * @param strings the insertion strings, trimmed
 */
export function readRequest(strings: readonly string[]): Result<ActivationRequest, string> {
  const last = Math.min(strings.length, MAX_STRINGS) - FIELDS;
  for (let start = 0; start <= last; start++) {
    if (fits(strings, start)) return requestAt(strings, start);
  }
  for (const text of strings.slice(0, MAX_STRINGS)) {
    const pieces = splitAtCommas(text);
    for (let start = 0; start + FIELDS <= pieces.length; start++) {
      if (fits(pieces, start)) return requestAt(pieces, start);
    }
  }
  return err(NO_FIT);
}

/**
 * Finds the fields in the rendered message: one line with exactly nine, after a word or two in whatever language.
 * If Windows lacks the message file, it puts in a sentence that has commas too, and nothing fits.
 */
export function readRenderedRequest(message: string): Result<ActivationRequest, string> {
  for (const line of message.slice(0, MAX_TEXT).split(/[\r\n]+/)) {
    const pieces = splitAtCommas(line);
    const first = pieces[0];
    if (first === undefined || pieces.length !== FIELDS) continue;
    const fields = [first.slice(first.search(/\S*$/)), ...pieces.slice(1)];
    if (fits(fields, 0)) return requestAt(fields, 0);
  }
  return err('it has no data, and its message does not fit event 12290: have the shipper send the event data');
}

/** Reads an HRESULT in hexadecimal, padded or not. */
export function parseHresult(text: string): number | undefined {
  const digits = HRESULT.exec(text)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}

function splitAtCommas(text: string): readonly string[] {
  if (text.length > MAX_TEXT || !text.includes(',')) return [];
  return text.split(',').map((piece) => piece.trim());
}

/** The client's time is not asked: it is the one field that is taken as it is, readable or not. */
function fits(strings: readonly string[], start: number): boolean {
  return (
    isGuid(strings[start + 3] ?? '') &&
    isGuid(strings[start + 8] ?? '') &&
    HRESULT.test(strings[start] ?? '') &&
    isU32(NUMBER, strings[start + 1] ?? '') &&
    /^[01]$/.test(strings[start + 5] ?? '') &&
    parseLicenseStatus(strings[start + 6] ?? '') !== undefined &&
    isU32(MINUTES, strings[start + 7] ?? '')
  );
}

function isGuid(text: string): boolean {
  return (text.length === 36 || text.length === 38) && GUID.test(text);
}

function isU32(pattern: RegExp, text: string): boolean {
  return pattern.test(text) && Number(text) <= U32 && Number(text) >= -(2 ** 31);
}

/** Only for a place where the fields fit. */
function requestAt(strings: readonly string[], start: number): Result<ActivationRequest, string> {
  const field = (index: number): string => strings[start + index] ?? '';
  const machine = parseMachineName(field(2));
  if (!machine.ok) return machine;
  return ok({
    kind: 'request',
    hresult: parseHresult(field(0)) ?? 0,
    nPolicy: Number(field(1)),
    machine: machine.value,
    clientId: guid(field(3)),
    clientTime: parseClientTime(field(4)),
    virtual: field(5) === '1',
    status: parseLicenseStatus(field(6)) ?? LICENSE_STATUS.unlicensed,
    minutes: Number(field(7)) >>> 0,
    activationId: guid(field(8)),
  });
}

function guid(text: string): string {
  return (text.startsWith('{') ? text.slice(1, -1) : text).toLowerCase();
}

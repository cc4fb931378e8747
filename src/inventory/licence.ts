import type { Seconds } from '../kernel/time.ts';
import {
  LICENSE_STATUS,
  type LicenseStatus,
  licenseStatusName,
  parseLicenseStatus,
} from '../products/license-status.ts';
import { type Columns, cellOf } from './columns.ts';
import { readName } from './name.ts';
import type { ActivationWay, LicenceRow } from './types.ts';

const GUID = /^\{?([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\}?$/i;
/** The words of VAMT and of people for a licence status. */
const STATUS_WORDS: readonly (readonly [RegExp, LicenseStatus])[] = [
  [/^licensed$/i, 'licensed'],
  [/^unlicensed$/i, 'unlicensed'],
  [/non-?\s?genuine/i, 'non_genuine_grace'],
  [/additional|tolerance|^oot/i, 'oot_grace'],
  [/extended/i, 'extended_grace'],
  [/initial|out.of.box|^oob/i, 'oob_grace'],
  [/notification/i, 'notification'],
];
/** By the channel of the key, and by the channel that the description ends in; the first that fits. */
const WAYS: readonly (readonly [RegExp, ActivationWay])[] = [
  [/AVMA|VIRTUAL_MACHINE_ACTIVATION/i, 'avma'],
  [/TIMEBASED_EVAL|\bEval/i, 'evaluation'],
  [/TIMEBASED_SUB|subscription/i, 'subscription'],
  [/\bAzure/i, 'azure'],
  [/\bMAK\b|_MAK\b|:MAK\b/i, 'mak'],
  [/\bOEM/i, 'oem'],
  [/\bRetail/i, 'retail'],
  [/GVLK|VOLUME_KMSCLIENT|^\s*KMS(?:\s?client)?\s*$/i, 'kms'],
];
/** VLActivationType: 1 by the directory, 2 by KMS, 3 by a token (SoftwareLicensingProduct). */
const BY_KMS = '2';
const BY_DIRECTORY = /^(?:1|ad|active\s?directory.*|directory)$/i;

/** The channel of a KMS host key: `Volume:CSVLK`, `VOLUME_KMS_WS25 channel`. */
const HOST_KEY = /CSVLK|VOLUME_KMS_/i;

/** @returns the licence that a row is about; undefined if it has no activation id */
export function readLicence(cells: readonly string[], columns: Columns, at: Seconds | null): LicenceRow | undefined {
  const text = (role: Parameters<typeof cellOf>[2]) => cellOf(cells, columns, role);
  const id = GUID.exec(text('activation_id'))?.[1];
  if (id === undefined) return undefined;
  const minutes = text('minutes_left');
  return {
    activationId: id.toLowerCase(),
    product: text('product').slice(0, 256) || null,
    status: statusOf(text('licence_status')),
    minutesLeft: /^\d{1,10}$/.test(minutes) ? Number(minutes) : null,
    way: wayOf(cells, columns),
    hostKey: HOST_KEY.test(channelOf(cells, columns)),
    configuredHost: hostOf(text('configured_host')),
    discoveredHost: hostOf(text('discovered_host')),
    at,
  };
}

/** True for a product that is known to Windows but was never installed: it has no key. */
export function hasNoKey(cells: readonly string[], columns: Columns): boolean {
  if (!columns.has('partial_key') || cellOf(cells, columns, 'partial_key') !== '') return false;
  const status = statusOf(cellOf(cells, columns, 'licence_status'));
  return status === null || LICENSE_STATUS[status] === 0;
}

function wayOf(cells: readonly string[], columns: Columns): ActivationWay {
  const channel = channelOf(cells, columns);
  const type = cellOf(cells, columns, 'activation_type');
  const said = [channel, type].flatMap((text) => WAYS.find(([pattern]) => pattern.test(text))?.[1] ?? []);
  const way = said[0] ?? (type === BY_KMS ? 'kms' : null);
  if (way !== 'kms' && way !== null) return way;
  const byDirectory = BY_DIRECTORY.test(type) || cellOf(cells, columns, 'activation_object') !== '';
  return byDirectory ? 'directory' : way;
}

function channelOf(cells: readonly string[], columns: Columns): string {
  return `${cellOf(cells, columns, 'key_channel')} ${cellOf(cells, columns, 'description')}`;
}

function statusOf(text: string): LicenseStatus | null {
  const number = parseLicenseStatus(text);
  if (number !== undefined) return licenseStatusName(number);
  return STATUS_WORDS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

function hostOf(text: string): string | null {
  const name = readName(text);
  // A host may be set by its address; a machine may not be named by one.
  if (!name.ok) return /^[\d.:a-f]{3,45}$/i.test(text) ? text.toLowerCase() : null;
  return name.value === '' ? null : name.value;
}

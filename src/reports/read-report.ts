import { err, ok, type Result } from '../kernel/result.ts';
import { MINUTE_S, type Seconds, seconds } from '../kernel/time.ts';
import { LICENSE_STATUSES, type LicenseStatus } from '../products/license-status.ts';
import type { NamedProduct } from '../products/product.ts';
import { isHostKey, nameKey } from './host-key.ts';
import { objectInstead } from './not-a-report.ts';
import { Properties } from './properties.ts';
import { readLogs } from './read-logs.ts';
import { readReportTime } from './report-time.ts';
import type { HostReport, KeyReport } from './types.ts';

/** Host keys of one host: more than these is somebody's play, and each costs series. */
const MAX_KEYS = 64;
/** Mistakes that are listed. */
const MAX_MISTAKES = 5;

const DEFAULT_PORT = 1688;
const PARTIAL_KEY = /^[a-z0-9]{5}$/i;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The counters of requests by the state of the asking client; there is none for extended grace. */
const STATUS_COUNTERS = {
  unlicensed: 'KeyManagementServiceUnlicensedRequests',
  licensed: 'KeyManagementServiceLicensedRequests',
  oob_grace: 'KeyManagementServiceOOBGraceRequests',
  oot_grace: 'KeyManagementServiceOOTGraceRequests',
  non_genuine_grace: 'KeyManagementServiceNonGenuineGraceRequests',
  notification: 'KeyManagementServiceNotificationRequests',
} as const satisfies Partial<Record<LicenseStatus, string>>;

/**
 * Reads what a host says of itself: `{"time", "service", "products", "os", "logs"}` with the property names of WMI
 * (SoftwareLicensingService, SoftwareLicensingProduct), in any casing. Products that are no KMS host keys are left out.
 * @param configured products of the configuration, by activation id in lower case
 * @returns the report; or what is wrong with it, safe to print. Never throws
 */
export function readReport(
  value: unknown,
  configured: ReadonlyMap<string, NamedProduct> = new Map(),
): Result<HostReport, string> {
  const instead = objectInstead(value);
  if (instead !== undefined) return err(instead);
  if (!isObject(value)) return err('the report is not a JSON object: expected {"time", "service", "products", "os"}');
  const mistakes: string[] = [];
  const report = new Properties(value, 'the report', mistakes);
  const time = readReportTime(report.value('time'));
  if (!time.ok) return time;
  const rows = rowsOf(report.value('products'));
  if (!report.has('products') || rows === undefined) {
    return err('products is missing: expected a list of SoftwareLicensingProduct');
  }
  const service = new Properties(serviceOf(report.value('service'), mistakes), 'service', mistakes);
  const products = rows.flatMap((row, index) => readRow(row, `products[${index}]`, mistakes));
  const keys = readKeys(products, configured, mistakes);
  const [first] = products.map(({ product }) => product);
  const minutes = (name: string): number | undefined => service.positive(name) ?? first?.positive(name);
  const made: HostReport = {
    time: time.value,
    os: plain(report.text('os'), 100),
    version: plain(service.text('Version'), 50),
    listeningPort: portOf(service, mistakes),
    dnsPublishing: service.flag('KeyManagementServiceDnsPublishing'),
    lowPriority: service.flag('KeyManagementServiceLowPriority'),
    activationInterval: secondsOf(minutes('VLActivationInterval')),
    renewalInterval: secondsOf(minutes('VLRenewalInterval')),
    keys,
    logs: readLogs(report.value('logs'), mistakes),
  };
  if (keys.length > MAX_KEYS) mistakes.push(`products has ${keys.length} KMS host keys: expected at most ${MAX_KEYS}`);
  return mistakes.length === 0 ? ok(made) : err(mistakes.slice(0, MAX_MISTAKES).join('; '));
}

interface Row {
  readonly product: Properties;
  readonly activationId: string;
}

/** @returns nothing for what is no host key */
function readRow(row: unknown, where: string, mistakes: string[]): Row[] {
  if (typeof row === 'string') {
    mistakes.push(`${where} is a string: have Windows PowerShell write all levels with ConvertTo-Json -Depth 4`);
    return [];
  }
  if (!isObject(row)) {
    mistakes.push(`${where} is not an object`);
    return [];
  }
  const product = new Properties(row, where, mistakes);
  const id = product.value('ID');
  const activationId = typeof id === 'string' ? id.trim().toLowerCase() : '';
  if (!isHostKey(product, activationId)) return [];
  if (!GUID.test(activationId)) {
    mistakes.push(`${where}.ID is not an activation id`);
    return [];
  }
  return [{ product, activationId }];
}

/** Each key once: its series must not be on a page twice. */
function readKeys(
  rows: readonly Row[],
  configured: ReadonlyMap<string, NamedProduct>,
  mistakes: string[],
): readonly KeyReport[] {
  const keys = new Map<string, KeyReport>();
  for (const { product, activationId } of rows) {
    if (keys.has(activationId)) continue;
    const status = product.number('LicenseStatus');
    keys.set(activationId, {
      activationId,
      ...nameKey(product, activationId, configured),
      partialKey: partialKeyOf(product),
      licenseStatus: status === undefined ? undefined : LICENSE_STATUSES[status],
      clients: product.number('KeyManagementServiceCurrentCount'),
      requiredClients: product.positive('RequiredClientCount'),
      requests: product.number('KeyManagementServiceTotalRequests'),
      failedRequests: product.number('KeyManagementServiceFailedRequests'),
      requestsByLicenseStatus: countersOf(product),
    });
    if (keys.size > MAX_KEYS || mistakes.length > MAX_MISTAKES) break;
  }
  return [...keys.values()];
}

/** Anything else is no part of a key: the text becomes a label. */
function partialKeyOf(product: Properties): string | undefined {
  const key = product.value('PartialProductKey');
  return typeof key === 'string' && PARTIAL_KEY.test(key) ? key.toUpperCase() : undefined;
}

function countersOf(product: Properties): KeyReport['requestsByLicenseStatus'] {
  const counts: Partial<Record<LicenseStatus, number>> = {};
  for (const status of LICENSE_STATUSES) {
    const name = status === 'extended_grace' ? undefined : STATUS_COUNTERS[status];
    const count = name === undefined ? undefined : product.number(name);
    if (count !== undefined) counts[status] = count;
  }
  return counts;
}

/** 0 means the port that is used where none is set. */
function portOf(service: Properties, mistakes: string[]): number | undefined {
  const port = service.number('KeyManagementServiceListeningPort');
  if (port === 0) return DEFAULT_PORT;
  if (port === undefined || port <= 65_535) return port;
  mistakes.push(`service.KeyManagementServiceListeningPort is ${port}: expected a port`);
  return undefined;
}

/** PowerShell writes a list of one as its only item, and an empty one as null. */
function rowsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (value === undefined) return [];
  return isObject(value) ? [value] : undefined;
}

function serviceOf(value: unknown, mistakes: string[]): object {
  const service: unknown = Array.isArray(value) ? value[0] : value;
  if (isObject(service)) return service;
  mistakes.push('service is missing: expected the SoftwareLicensingService');
  return {};
}

function secondsOf(minutes: number | undefined): Seconds | undefined {
  return minutes === undefined ? undefined : seconds(minutes * MINUTE_S);
}

/** Letters and digits of any script and what is between them in a product's name: the text becomes a label. */
function plain(text: string | undefined, limit: number): string | undefined {
  if (text === undefined) return undefined;
  const clean = text.replace(/[^\p{L}\p{N} ._,()+/-]+/gu, ' ').replace(/ +/g, ' ');
  const cut = [...clean].slice(0, limit).join('').trim();
  return cut === '' ? undefined : cut;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

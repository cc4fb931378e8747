import type { LogName } from '../../activations/types.ts';
import type { EventQuery } from '../../winrm/types.ts';

/** The logs as Windows calls them. */
export const CHANNELS = {
  kms: 'Key Management Service',
  application: 'Application',
} as const satisfies Record<LogName, string>;

export const LOG_NAMES: readonly LogName[] = ['kms', 'application'];

/** Which events of each log are read (Microsoft, Volume Activation Technical Reference, "KMS Host Events"). */
export const EVENT_IDS = {
  kms: [12290],
  application: [12291, 12292, 12293, 12294],
} as const satisfies Record<LogName, readonly number[]>;

/** Since Windows 7 and Server 2008 R2, and before. Other providers have these ids in the same log. */
const PROVIDERS = ['Microsoft-Windows-Security-SPP', 'Microsoft-Windows-Security-Licensing-SLC'];

/** Both logs in one query: its events come in one stream with one bookmark. */
export const EVENT_QUERIES: readonly EventQuery[] = [
  { channel: CHANNELS.kms, xpath: `*[System[${anyOf(EVENT_IDS.kms)}]]` },
  {
    channel: CHANNELS.application,
    xpath: `*[System[Provider[${PROVIDERS.map((name) => `@Name='${name}'`).join(' or ')}] and ${anyOf(EVENT_IDS.application)}]]`,
  },
];

/** Every event of one log. */
export function everything(log: LogName): EventQuery {
  return { channel: CHANNELS[log], xpath: '*' };
}

function anyOf(ids: readonly number[]): string {
  return `(${ids.map((id) => `EventID=${id}`).join(' or ')})`;
}

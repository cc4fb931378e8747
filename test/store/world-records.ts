import type { EventRecord } from '../../src/activations/types.ts';
import { seconds } from '../../src/kernel/time.ts';
import { type LicenseStatusNumber, licenseStatusName } from '../../src/products/license-status.ts';
import type { InventoryPart } from '../../src/store/inventory/inventory-part.ts';
import type { StoreSettings } from '../../src/store/settings.ts';
import type { ReportedCounts } from '../../src/store/store-types.ts';
import type { ModelRecord, ModelReport, ModelWord, World } from '../model/world.ts';
import { hostName } from '../support/host-name.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

/** The two logs of the model in the order of their names. */
export function eventOf(record: ModelRecord): EventRecord {
  const { host, log, recordId, time, machine, clientId, activationId, nPolicy, hresult, status, minutes } = record;
  return {
    host: hostName(host),
    log: log === 'key management service' ? 'kms' : 'application',
    recordId,
    time,
    body: {
      kind: 'request',
      machine,
      clientId,
      activationId,
      nPolicy,
      hresult,
      status: status as LicenseStatusNumber,
      minutes,
      virtual: record.virtual,
      clientTime: record.clientTime,
    },
  };
}

export function reportOf({ host, time, keys, activationInterval }: ModelReport): ReportedCounts {
  return { host: hostName(host), time: seconds(time), counts: keys, activationInterval };
}

/** A list with one row of a licence. */
export function snapshotOf({ machine, activationId, time, status, minutes }: ModelWord): InventoryPart {
  const licence = {
    ...{ activationId, product: null, status: licenseStatusName(status), minutesLeft: minutes, at: seconds(time) },
    ...{ way: null, hostKey: false, configuredHost: null, discoveredHost: null },
  } as const;
  const row = { machine, otherNames: [], system: null, seen: null, disabled: false };
  return { source: 'licences.csv', readAt: seconds(time), machines: [{ ...row, licences: [licence] }], total: 1 };
}

export function settingsOf({ settings, product, records }: World, history: number): StoreSettings {
  const ids = new Set(records.map(({ activationId }) => activationId));
  return {
    leases: settings,
    seriesLimit: settings.seriesLimit,
    thresholds: settings.thresholds,
    activationsStaleAfter: seconds(3 * 86_400),
    reportStaleAfter: seconds(settings.reportStaleAfter),
    history: seconds(history),
    products: [...ids].flatMap((activationId) => {
      const known = product(activationId);
      return known === undefined || known.cls === 'unknown' ? [] : [{ activationId, name: known.name, cls: known.cls }];
    }),
    serves: settings.serves,
    hosts: [],
    inventory: DEFAULT_SETTINGS.inventory,
    aliases: {},
  };
}

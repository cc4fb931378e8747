import { expect, it, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../test/store/default-settings.ts';
import { NOBODYS } from '../../test/store/store-in-memory.ts';
import { hostName } from '../../test/support/host-name.ts';
import { storeSettings } from '../agent/store-settings.ts';
import { ConfigSchema } from '../config/schema.ts';
import { DAY_S, seconds } from '../kernel/time.ts';
import { derivationOf, type StoreSettings } from './settings.ts';

it('has lengths of time in seconds', () => {
  const config = ConfigSchema.parse({ store: { history: '100d' }, activations: { stale_after: '2d' } });
  expect(storeSettings(config)).toMatchObject({ history: 100 * DAY_S, activationsStaleAfter: seconds(2 * DAY_S) });
});

it('leads every other name of a host to its one name', () => {
  const config = ConfigSchema.parse({ hosts: [{ name: 'kms1.corp.test', aliases: ['KMS1', 'kms.corp.test'] }] });
  expect(storeSettings(config).aliases).toEqual({ kms1: 'kms1.corp.test', 'kms.corp.test': 'kms1.corp.test' });
});

it("has the user's own products", () => {
  const config = ConfigSchema.parse({ products: [{ activation_id: NOBODYS, name: 'Kiosk', class: 'office' }] });
  expect(storeSettings(config).products).toEqual([{ activationId: NOBODYS, name: 'Kiosk', cls: 'office' }]);
});

test.each<[string, Partial<StoreSettings>, boolean]>([
  ['validity', { leases: { ...DEFAULT_SETTINGS.leases, validity: seconds(90 * DAY_S) } }, true],
  ['the activation interval', { leases: { ...DEFAULT_SETTINGS.leases, activationInterval: seconds(60) } }, true],
  [
    'how long silent leases are kept',
    { leases: { ...DEFAULT_SETTINGS.leases, forgetAfter: seconds(200 * DAY_S) } },
    true,
  ],
  ['how long reports hold', { reportStaleAfter: seconds(60) }, true],
  ['an alias', { aliases: { kms: hostName('kms1') } }, true],
  ['the time of a warning', { leases: { ...DEFAULT_SETTINGS.leases, warn: seconds(1) } }, false],
  ['a threshold', { thresholds: { client: 1, server: 1, office: 1 } }, false],
  ['the number of series', { seriesLimit: 1 }, false],
  ['a name of a product', { products: [{ activationId: NOBODYS, name: 'Kiosk', cls: 'client' }] }, false],
])('%s: leases have to be derived again: %s', (_, change, isOther) => {
  expect(derivationOf({ ...DEFAULT_SETTINGS, ...change }) !== derivationOf(DEFAULT_SETTINGS)).toBe(isOther);
});

import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { NOW, noticeRecord, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { seconds } from '../../kernel/time.ts';
import type { StoreSettings } from '../settings.ts';
import { replaceAliases } from './host-aliases.ts';

const ALIASES = { 'kms.corp.test': hostName('kms1.corp.test'), 'old.corp.test': hostName('kms9.corp.test') };

function replaceAll({ database, state }: StoreInMemory, aliases: StoreSettings['aliases']): void {
  expect([...replaceAliases(database, state.names.hosts, { ...DEFAULT_SETTINGS, aliases })]).toEqual([]);
}

function hostsOf(store: StoreInMemory, table = 'records'): unknown[] {
  return store.rows(`SELECT name FROM ${table} JOIN hosts ON hosts.id = host ORDER BY record_id, time`);
}

it('gives each record the host that its name means, one that was unknown too', () => {
  const store = new StoreInMemory().take(
    { host: 'kms.corp.test', recordId: 1 },
    { host: 'old.corp.test', recordId: 2 },
    { host: 'kms2.corp.test', recordId: 3 },
  );
  replaceAll(store, ALIASES);
  expect(hostsOf(store)).toEqual(['kms1.corp.test', 'kms9.corp.test', 'kms2.corp.test']);
});

it('lets a host be heard from that was known by its alias alone until then', () => {
  const store = new StoreInMemory().take({ host: 'old.corp.test', recordId: 1 });
  replaceAll(store, ALIASES);
  store.take({ host: 'kms9.corp.test', recordId: 2 });
  expect(hostsOf(store)).toEqual(['kms9.corp.test', 'kms9.corp.test']);
});

it('gives each record its own host again once the alias is gone', () => {
  const store = new StoreInMemory().take({ host: 'kms.corp.test' });
  replaceAll(store, ALIASES);
  replaceAll(store, {});
  expect(hostsOf(store)).toEqual(['kms.corp.test']);
});

it('keeps one of two records that are the same by the alias', () => {
  const store = new StoreInMemory().take({}, { host: 'kms.corp.test' });
  const notice = noticeRecord({ kind: 'service_failure', failure: 'init', hresult: 5 });
  store.takeRecords([
    notice,
    { ...notice, host: hostName('kms.corp.test') },
    { ...notice, host: hostName('kms.corp.test'), time: seconds(NOW + 1) },
  ]);
  replaceAll(store, ALIASES);
  expect(hostsOf(store)).toEqual(['kms1.corp.test']);
  expect(hostsOf(store, 'notices')).toEqual(['kms1.corp.test', 'kms1.corp.test']);
});

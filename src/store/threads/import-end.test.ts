import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { memoryDatabase, NOW, requestRecord } from '../../../test/store/store-in-memory.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { isComing } from '../../leases/log-history.ts';
import type { IngestSource } from '../aggregates.ts';
import { Engine } from './engine.ts';

it('takes what was imported for read once the import has ended, and nothing that is sent', () => {
  const engine = new Engine(memoryDatabase(), DEFAULT_SETTINGS, seconds(NOW));
  const send = (source: IngestSource, host?: string) => {
    const records = host === undefined ? [] : [requestRecord({ host, time: NOW - 9 * DAY_S })];
    engine.ingest([{ source, records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  };
  const reading = () =>
    engine.aggregates(seconds(NOW)).hosts.filter(({ historyAt }) => isComing(historyAt, seconds(NOW)));
  send('import', 'kms1.corp.test');
  send('http', 'kms2.corp.test');
  expect(reading().map(({ host }) => host)).toEqual(['kms1.corp.test', 'kms2.corp.test']);
  send('http');
  expect(reading()).toHaveLength(2);
  send('import');
  expect(reading().map(({ host }) => host)).toEqual(['kms2.corp.test']);
});

import { expect, it } from 'vitest';
import { memoryDatabase } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import type { ClientEvent } from '../../activations/types.ts';
import { seconds } from '../../kernel/time.ts';
import { query } from '../database/rows.ts';
import { ClientEvents } from './client-events.ts';
import type { Hear } from './take-part.ts';

const SKU = '68531fb9-5511-4989-97be-d11a0f55633f';

it('keeps when a client asked, was answered and failed, and what it says of its licences; each event once', () => {
  const database = memoryDatabase();
  const heard: Parameters<Hear>[] = [];
  const events = new ClientEvents(database, (...report) => heard.push(report));
  const take = (time: number, facts: Partial<ClientEvent>) => {
    const body = {
      kind: 'client',
      eventId: 12288,
      hresult: 0,
      activationId: null,
      host: null,
      answered: null,
    } as const;
    const event: ClientEvent = { ...body, licences: [], ...facts };
    const record = {
      host: hostName('ws1.corp.test'),
      log: 'application',
      recordId: time,
      time: seconds(time),
    } as const;
    return events.take({ ...record, body: event }, event);
  };
  expect(take(10, { host: 'kms1', hresult: 5 })).toBe(true);
  expect(take(10, { host: 'kms1', hresult: 5 })).toBe(false);
  take(20, { eventId: 12289, answered: true });
  take(30, { eventId: 1003, licences: [{ activationId: SKU, minutes: 1000 }] });
  take(40, { eventId: 12308, activationId: SKU });
  take(50, { eventId: 1003, licences: [{ activationId: SKU, minutes: 900 }] });
  expect(query(database, 'SELECT asked_at, answered_at, failed_at FROM client_asks').all()).toEqual([[10, 20, 10]]);
  expect(query(database, 'SELECT at, status, minutes, way FROM client_words').all()).toEqual([
    [50, 1, 900, 'directory'],
  ]);
  expect(query(database, 'SELECT time, minutes FROM client_reports').all()).toEqual([
    [30, 1000],
    [50, 900],
  ]);
  expect(heard.map(([machine, id, { time }]) => [machine, id, time])).toEqual([
    ['ws1.corp.test', SKU, 30],
    ['ws1.corp.test', SKU, 50],
  ]);
  expect(query(database, 'SELECT machine, seen FROM inventory_rows').all()).toEqual([['ws1.corp.test', 50]]);
});

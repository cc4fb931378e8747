import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { EventRecord } from '../../src/activations/types.ts';
import { DAY_S, seconds } from '../../src/kernel/time.ts';
import type { SeenStory } from '../../src/leases/story.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { ClientHistoryQuery } from '../../src/store/reading/client-history.ts';
import { LeasePages } from '../../src/store/reading/lease-pages.ts';
import { readContext } from '../../src/store/reading/read-context.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;

function storyOf(machine: string, records: readonly EventRecord[]): SeenStory {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  engine.ingest([{ source: 'http', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW));
  const context = readContext(database, DEFAULT_SETTINGS);
  const pages = new LeasePages(context);
  const story = new ClientHistoryQuery(context, pages).history(machine, seconds(NOW));
  if (story.kind !== 'seen') throw new Error('the machine is unknown');
  return story;
}

/** A request of client 1 under a name. */
function under(machine: string, recordId: number, time: number): EventRecord {
  const record = syntheticRecord(1, time);
  if (record.body.kind !== 'request') throw new Error('not a request');
  return { ...record, recordId, time: seconds(time), body: { ...record.body, machine } };
}

it('names the machines of a cloned id once, by a bare name or an FQDN', () => {
  const names = ['ws1', 'ws2.corp.test', 'ws1.corp.test', 'ws2', 'ws1.corp.test'];
  const { duplicates } = storyOf(
    'ws1',
    names.map((name, index) => under(name, index, NOW - DAY_S + index * 60)),
  );

  expect(duplicates.map(({ machines }) => machines)).toEqual([['ws1.corp.test', 'ws2.corp.test']]);
});

it('tells what the host had counted when the machine asked last, and what it counts now', () => {
  const early = under('ws1.corp.test', 9000, NOW - 2 * DAY_S);
  const later = Array.from({ length: 40 }, (_, n) => syntheticRecord(n + 2, NOW - DAY_S));
  const [lease] = storyOf('ws1', [early, ...later]).leases;

  expect(lease?.lastCount?.value).toBe(1);
  expect(lease?.countNow?.value).toBeGreaterThanOrEqual(25);
});

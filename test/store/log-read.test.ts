import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { seconds } from '../../src/kernel/time.ts';
import type { IngestSource } from '../../src/store/aggregates.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;

function heard(...sources: readonly IngestSource[]) {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const records = [syntheticRecord(0, NOW - 86_400)];
  for (const [index, source] of sources.entries()) {
    engine.ingest([{ source, records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW + index));
  }
  const { lastArrival, lastPush } = engine.aggregates(seconds(NOW)).hosts[0] ?? {};
  return { lastArrival, lastPush };
}

test.each([
  ['an export that was imported', ['import'], { lastArrival: seconds(NOW), lastPush: undefined }],
  ['a push', ['http'], { lastArrival: seconds(NOW), lastPush: seconds(NOW) }],
  ['a subscription', ['winrm'], { lastArrival: seconds(NOW), lastPush: undefined }],
  [
    'a push of what an import brought',
    ['import', 'http'],
    { lastArrival: seconds(NOW + 1), lastPush: seconds(NOW + 1) },
  ],
  ['an import of what a push brought', ['http', 'import'], { lastArrival: seconds(NOW + 1), lastPush: seconds(NOW) }],
] satisfies [string, IngestSource[], ReturnType<typeof heard>][])(
  '%s tells when the log was last heard from, and when it was last sent',
  (_, sources, times) => {
    expect(heard(...sources)).toEqual(times);
  },
);

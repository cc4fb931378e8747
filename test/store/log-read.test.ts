import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { IngestSource } from '../../src/store/aggregates.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;

function heard(...sources: readonly IngestSource[]) {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, NOW);
  const records = [syntheticRecord(0, NOW - 86_400)];
  for (const [index, source] of sources.entries()) {
    engine.ingest([{ source, records, unread: { ignored: 0, rejected: 0 } }], NOW + index);
  }
  const { lastArrival, lastPush } = engine.aggregates(NOW).hosts[0] ?? {};
  return { lastArrival, lastPush };
}

test.each([
  ['an export that was imported', ['import'], { lastArrival: NOW, lastPush: undefined }],
  ['a push', ['http'], { lastArrival: NOW, lastPush: NOW }],
  ['a subscription', ['winrm'], { lastArrival: NOW, lastPush: undefined }],
  ['a push of what an import brought', ['import', 'http'], { lastArrival: NOW + 1, lastPush: NOW + 1 }],
  ['an import of what a push brought', ['http', 'import'], { lastArrival: NOW + 1, lastPush: NOW }],
] satisfies [string, IngestSource[], ReturnType<typeof heard>][])(
  '%s tells when the log was last heard from, and when it was last sent',
  (_, sources, times) => {
    expect(heard(...sources)).toEqual(times);
  },
);

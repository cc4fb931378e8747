import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { IngestSource } from '../../src/store/aggregates.ts';
import { Engine } from '../../src/store/engine.ts';
import { migrate } from '../../src/store/migrations.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';
import { syntheticRecord } from './synthetic.ts';

const NOW = 1_780_000_000;

function lastArrival(...sources: readonly IngestSource[]): number | undefined {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const engine = new Engine(database, DEFAULT_SETTINGS, NOW);
  const records = [syntheticRecord(0, NOW - 86_400)];
  for (const [index, source] of sources.entries()) {
    engine.ingest([{ source, records, unread: { ignored: 0, rejected: 0 } }], NOW + index);
  }
  return engine.aggregates(NOW).hosts[0]?.lastArrival;
}

test.each([
  ['an export that was imported', ['import'], undefined],
  ['a push', ['http'], NOW],
  ['a subscription', ['winrm'], NOW],
  ['a push of what an import brought', ['import', 'http'], NOW + 1],
  ['an import of what a push brought', ['http', 'import'], NOW],
] satisfies [string, IngestSource[], number | undefined][])(
  '%s tells when the log was last read',
  (_, sources, arrival) => {
    expect(lastArrival(...sources)).toBe(arrival);
  },
);

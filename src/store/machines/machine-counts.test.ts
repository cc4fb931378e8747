import type { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { HOST, memoryDatabase, NOW, requestRecord } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { joinMachines } from '../../../test/support/join-machines.ts';
import { licenceRow, listedMachine } from '../../../test/support/machines.ts';
import type { LicenceRow } from '../../inventory/types.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { Engine } from '../threads/engine.ts';

const ago = (days: number) => NOW - days * DAY_S;

/** `ws1` and `ws2` have stopped renewing, 60 and 30 days ago; `ws3` renews, and `ws4` never asked. All are alive. */
function organisation(licences: readonly LicenceRow[] = []): DatabaseSync {
  const database = memoryDatabase();
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const asked = [
    { time: ago(90), client: 9 },
    { time: ago(60), client: 1 },
    { time: ago(30), client: 2 },
    { time: ago(1), client: 3 },
  ];
  for (const one of asked) {
    const [records, time] = [[requestRecord(one)], seconds(one.time)];
    engine.ingest([{ source: 'http', records, unread: { ignored: 0, rejected: 0 } }], time);
  }
  engine.takeHeard([{ host: hostName(HOST), time: seconds(NOW) }]);
  const machines = [1, 2, 3, 4].map((no) =>
    listedMachine({ machine: `ws${no}.corp.test`, seen: seconds(NOW), licences: no === 3 ? licences : [] }),
  );
  engine.takeInventoryPart({ source: 'list.csv', readAt: seconds(NOW), machines, total: machines.length });
  return database;
}

function notRenewing(database: DatabaseSync, sinceDay?: number): readonly string[] {
  const migrating = sinceDay === undefined ? undefined : { to: 'directory', since: seconds(ago(sinceDay)) };
  const settings = { ...DEFAULT_SETTINGS, leases: { ...DEFAULT_SETTINGS.leases, migrating } };
  return joinMachines(database, settings, seconds(NOW)).notRenewing.flatMap(({ names }) => names);
}

it('does not count those that may have moved, while nobody says how machines are activated', () => {
  expect(notRenewing(organisation())).toEqual(['ws1.corp.test', 'ws2.corp.test', 'ws4.corp.test']);
  expect(notRenewing(organisation(), 40)).toEqual(['ws1.corp.test']);
});

it('counts all that are silent once some say that the directory activates them', () => {
  const said = licenceRow({ way: 'directory', minutesLeft: null, at: seconds(NOW) });
  expect(notRenewing(organisation([said]), 40)).toEqual(['ws1.corp.test', 'ws2.corp.test', 'ws4.corp.test']);
});

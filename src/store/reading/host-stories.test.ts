import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { HOST, memoryDatabase, NOW, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import type { HostLogStatus } from '../leases/host-log-status.ts';
import { Engine } from '../threads/engine.ts';
import { hostStories } from './host-stories.ts';

const now = seconds(NOW);

/** Of one host with a record, and with this of its log. */
function story(status: Partial<HostLogStatus>, isFetched = false) {
  const { database } = new StoreInMemory().take({});
  const known = { firstRecord: NOW, lastEvent: NOW, ...status };
  database.prepare('UPDATE hosts SET log_status = ?').run(JSON.stringify(known));
  if (isFetched) database.prepare("INSERT INTO log_bookmarks (host, bookmark) VALUES (?, '{}')").run(HOST);
  const [one] = hostStories(database, DEFAULT_SETTINGS, now);
  return [one?.read, one?.imported];
}

it.each<[string, Partial<HostLogStatus>, boolean, [boolean, boolean]]>([
  ['an import of this minute', { lastArrival: now }, false, [false, true]],
  ['a push of this minute', { lastArrival: now, lastPush: now }, false, [true, false]],
  ['a push of long ago', { lastPush: seconds(NOW - 9 * DAY_S) }, false, [false, false]],
  [
    'an import since a push of long ago',
    { lastArrival: now, lastPush: seconds(NOW - 9 * DAY_S) },
    false,
    [false, false],
  ],
  ['a subscription', { lastArrival: now }, true, [true, false]],
  [
    'a push of long ago, and a report of now that read it',
    { lastPush: seconds(NOW - 9 * DAY_S), lastHeard: now },
    false,
    [true, false],
  ],
  [
    'a log that was read, and nothing new in it, long ago',
    { lastHeard: seconds(NOW - 9 * DAY_S) },
    false,
    [false, false],
  ],
  ['a subscription that was silent for long', { lastArrival: seconds(NOW - 9 * DAY_S) }, true, [false, false]],
])('%s', (_what, status, isFetched, expected) => {
  expect(story(status, isFetched)).toEqual(expected);
});

it('knows a log without a record that is read', () => {
  const database = memoryDatabase();
  const engine = new Engine(database, DEFAULT_SETTINGS, now);
  engine.takeHeard([{ host: hostName(HOST), time: now }]);
  engine.takeHeard([{ host: hostName(HOST), time: seconds(NOW - DAY_S) }]);
  expect(hostStories(database, DEFAULT_SETTINGS, now)).toMatchObject([{ host: HOST, read: true, imported: false }]);
  expect(hostStories(database, DEFAULT_SETTINGS, seconds(NOW + 9 * DAY_S))).toMatchObject([{ read: false }]);
});

it('has one row for a host under all its names', () => {
  const { database } = new StoreInMemory().take({});
  database.exec("INSERT INTO hosts (name) VALUES ('alias')");
  const hosts = hostStories(
    database,
    { ...DEFAULT_SETTINGS, aliases: { alias: hostName(HOST) }, hosts: [hostName(HOST)] },
    now,
  );
  expect(hosts.map(({ host }) => host)).toEqual([HOST]);
});

import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import { HOST, memoryDatabase, NOW, requestRecord } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import { DAY_S, millis, seconds } from '../../kernel/time.ts';
import { saveSightings } from '../agent-memory/sightings.ts';
import { NameIds } from '../history/name-ids.ts';
import { Engine } from '../threads/engine.ts';
import { KnownHosts } from './known-hosts.ts';

it('knows that nobody asked a host whose log is read and has nothing to bring', () => {
  const database = memoryDatabase();
  const engine = new Engine(database, DEFAULT_SETTINGS, seconds(NOW));
  const records = [requestRecord({ time: NOW - 40 * DAY_S })];
  engine.ingest([{ source: 'http', records, unread: { ignored: 0, rejected: 0 } }], seconds(NOW - 40 * DAY_S));
  const isWhole = () =>
    new KnownHosts(database, new NameIds(database, 'hosts'), DEFAULT_SETTINGS, seconds(NOW)).reach.areLogsWhole('ws9');
  expect(isWhole()).toBe(false);
  engine.takeHeard([{ host: hostName(HOST), time: seconds(NOW - DAY_S) }]);
  expect(isWhole()).toBe(true);
});

it('knows a host by each of its names, and by one that a property of objects has too', () => {
  const database = memoryDatabase();
  database.exec("INSERT INTO hosts (id, name) VALUES (1, 'kms'), (2, 'constructor')");
  const settings = { ...DEFAULT_SETTINGS, hosts: [hostName(HOST)], aliases: { kms: hostName(HOST) } };
  const hosts = new KnownHosts(database, new NameIds(database, 'hosts'), settings, seconds(NOW));
  expect([HOST, 'kms', 'ws1'].map((name) => hosts.reach.isHost(name))).toEqual([true, true, false]);
  expect([1, 2].map((no) => hosts.nameOf(no))).toEqual([HOST, 'constructor']);
});

it('knows a host in a list that cuts names, or has the full name of one whose log has not', () => {
  const database = memoryDatabase();
  const known = ['kms01.corp.example.com', 'activation-server01.corp.example.com', 'kms02'].map((name) =>
    hostName(name),
  );
  const settings = { ...DEFAULT_SETTINGS, hosts: known };
  const hosts = new KnownHosts(database, new NameIds(database, 'hosts'), settings, seconds(NOW));
  const names = ['kms01', 'activation-serv', 'activation-server01', 'kms02', 'kms02.corp.example.com'];
  expect(names.filter((name) => !hosts.reach.isHost(name))).toEqual([]);
  const others = ['kms01.emea.example.com', 'kms0', 'activation', 'kms03', 'kms03.corp.example.com'];
  expect(others.filter((name) => hosts.reach.isHost(name))).toEqual([]);
});

it('knows the hosts that a domain published within a quarter of an hour before the newest', () => {
  const database = memoryDatabase();
  const seen = (domain: string, target: string, minutes: number) => ({
    ...{ domain: hostName(domain), target: hostName(target), port: 1688, at: millis((NOW - minutes * 60) * 1000) },
  });
  const published = [seen('a.test', 'kms1', 90), seen('a.test', 'kms2', 105), seen('a.test', 'kms3', 106)];
  saveSightings(database, [...published, seen('b.test', 'kms4', 500)], millis(0));
  const { reach } = new KnownHosts(database, new NameIds(database, 'hosts'), DEFAULT_SETTINGS, seconds(NOW));
  const hosts = ['kms1', 'kms2', 'kms3', 'kms4'];
  expect(hosts.filter((host) => !reach.isPinned('ws1.a.test', host))).toEqual(['kms1', 'kms2']);
  expect(hosts.filter((host) => !reach.isPinned('ws1.b.test', host))).toEqual(['kms4']);
  expect(hosts.filter((host) => reach.isHost(host))).toEqual(hosts);
});

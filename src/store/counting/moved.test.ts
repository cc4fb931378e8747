import { expect, it } from 'vitest';
import { EXCEL, type RequestFacts, StoreInMemory } from '../../../test/store/store-in-memory.ts';
import { DAY_S, seconds } from '../../kernel/time.ts';
import { noteChange } from '../inventory/take-part.ts';
import { aggregatesOf } from './aggregate.ts';

const START = Math.floor(Date.UTC(2026, 10, 1) / 1000);
const HOST = { host: 'kms1.corp.test' };

/** 40 machines that renew weekly, each until its own day; the move begins with START. */
function migration(days: number, moves: (n: number) => number, other: Partial<RequestFacts> | undefined = undefined) {
  const requests: RequestFacts[] = [];
  for (let n = 1; n <= 40; n++) {
    const machine = `ws${n}.corp.test`;
    for (let day = -42 + (n % 7); day <= days; day += 7) {
      const facts = { client: n, machine, time: START + day * DAY_S + n * 60, hresult: 0, minutes: 250_000 };
      if (day < moves(n)) requests.push({ ...facts, ...HOST });
      else if (other !== undefined) requests.push({ ...facts, ...other });
    }
  }
  return new StoreInMemory().take(...requests.toSorted((a, b) => (a.time ?? 0) - (b.time ?? 0)));
}

function countedAt(store: StoreInMemory, day: number, to?: string) {
  const { settings } = store.state;
  const migrating = to === undefined ? undefined : { to, since: seconds(START) };
  store.state.configure({ ...settings, leases: { ...settings.leases, migrating } });
  return aggregatesOf(store.state, seconds(START + day * DAY_S));
}

const oldHost = ({ hosts }: ReturnType<typeof countedAt>) => hosts.find(({ host }) => String(host) === HOST.host);

it('leaves those out that fell silent, while nobody says how machines are activated', () => {
  const store = migration(60, (n) => n);
  const before = countedAt(store, 60);
  expect(before.classes[0]?.tally).toMatchObject({ leases: 40 });
  expect(oldHost(before)?.margins).not.toEqual([]);

  const during = countedAt(store, 60, 'directory');

  expect(during.migration).toEqual({ to: 'directory', since: START, moved: 40, left: 0, isGuessed: true });
  expect(during.classes).toEqual([]);
  expect(oldHost(during)).toMatchObject({ margins: [], pools: [{ idleLimit: Number.POSITIVE_INFINITY }] });
});

it('goes on counting those that still renew, and those that fell silent before', () => {
  const store = migration(60, (n) => (n <= 10 ? 1000 : n <= 12 ? -20 : 10));
  const during = countedAt(store, 60, 'directory');
  expect(during.migration).toMatchObject({ moved: 28, left: 12 });
  expect(during.classes[0]?.tally).toMatchObject({ leases: 12 });
  expect(during.classes[0]?.renewals).toMatchObject([{ heard: 10, stalled: 0 }]);
  // Ten are left, and too few for the host: that is true.
  expect(oldHost(during)?.margins).toMatchObject([{ cls: 'client', margin: 10 - 25 }]);
});

it('needs no host for those that were gone before they could move, and tolerates them as a share of the fleet', () => {
  const store = migration(60, (n) => (n <= 5 ? -20 : 10));
  const during = countedAt(store, 60, 'directory');
  expect(during.migration).toMatchObject({ moved: 35, left: 5 });
  expect(oldHost(during)?.margins).toEqual([]);
  expect(during.classes).toMatchObject([{ tally: { leases: 5 }, tolerated: 2 }]);
});

it('still says that the lease of one has ended that may be gone instead', () => {
  const store = migration(20, () => 10);
  const during = countedAt(store, 20 + 190, 'directory');
  expect(during.classes[0]?.tally).toMatchObject({ leases: 40, ended: 40, warn: 0, critical: 0 });
});

/** Machines say by these names that the directory activates them. */
function say(store: StoreInMemory, day: number, names: readonly string[]): void {
  const put = store.database.prepare(
    `INSERT INTO client_words (machine, activation_id, at, way, is_host_key) VALUES (?, 'a', ?, 'directory', 0)`,
  );
  for (const name of names) put.run(name, START + day * DAY_S);
}

const upTo = (count: number, nameOf: (n: number) => string) => Array.from({ length: count }, (_, n) => nameOf(n + 1));

it('believes machines that say that the directory activates them, and then no silence', () => {
  const store = migration(60, (n) => (n <= 20 ? 10 : 1000));
  const names = upTo(15, (n) => `ws${n}.corp.test`);
  say(store, 12, names);
  const during = countedAt(store, 60, 'directory');
  expect(during.migration).toMatchObject({ moved: 15, left: 25, isGuessed: false });
  expect(during.classes[0]?.tally.leases).toBe(25);
  expect(countedAt(store, 200, 'directory').classes[0]?.tally).toMatchObject({ leases: 25, ended: 5 });
});

it('believes no machine that asked a host after it said so', () => {
  const store = migration(60, () => 1000);
  say(store, 12, ['ws1.corp.test']);
  say(store, 61, ['ws2.corp.test']);
  expect(countedAt(store, 62, 'directory').migration).toMatchObject({ moved: 1, left: 39, isGuessed: false });
});

it('goes on with a product that a machine says KMS activates, after its Windows has moved', () => {
  const store = migration(60, () => 10);
  const office = upTo(40, (n) => `ws${n}`).flatMap((name, index) =>
    [45, 52, 59].map((day) => ({
      ...{ client: index + 1, machine: `${name}.corp.test`, time: START + day * DAY_S, hresult: 0, minutes: 250_000 },
      ...{ activationId: EXCEL, nPolicy: 5, ...HOST },
    })),
  );
  store.take(...office.toSorted((a, b) => a.time - b.time));
  say(
    store,
    60,
    upTo(40, (n) => (n % 2 === 0 ? `ws${n}` : `ws${n}.corp.test`)),
  );
  const leases = () => countedAt(store, 61, 'directory').classes.map(({ cls, tally }) => [cls, tally.leases]);
  expect(leases()).toEqual([]);
  store.database.exec(`INSERT INTO client_words (machine, activation_id, at, way, is_host_key)
    SELECT machine, '${EXCEL}', at, 'kms', 0 FROM client_words`);
  noteChange(store.database);
  expect(leases()).toEqual([['office', 40]]);
});

it.each([
  ['a list has bare names', upTo(15, (n) => `ws${n}`)],
  ['a list has bare names, and one that is cut', [...upTo(14, (n) => `ws${n}`), 'a-name-of-a-lon']],
])('finds the machine where %s', (_, names) => {
  const store = migration(60, (n) => (n <= 20 ? 10 : 1000));
  const machine = 'a-name-of-a-long-machine.corp.test';
  store.take({ client: 99, machine, time: START, hresult: 0, minutes: 250_000, ...HOST });
  say(store, 12, names);
  expect(countedAt(store, 60, 'directory').migration).toMatchObject({ moved: 15, left: 26, isGuessed: false });
});

it('finds the machine where the log alone has its bare name, or both of its names', () => {
  const store = migration(0, () => 1000);
  const facts = { time: START, hresult: 0, minutes: 250_000, ...HOST };
  store.take({ ...facts, client: 98, machine: 'bare' }, { ...facts, client: 1, machine: 'ws1', time: START + DAY_S });
  say(store, 2, ['bare.corp.test', 'ws1']);
  expect(countedAt(store, 20, 'directory').migration).toMatchObject({ moved: 2, left: 39 });
});

it('believes nobody by a bare name that several machines share', () => {
  const store = migration(60, () => 1000);
  store.take({ client: 99, machine: 'ws1.other.test', time: START, ...HOST });
  say(store, 61, ['ws1', 'ws2', 'ws3']);
  store.database.exec(`INSERT INTO inventory_rows (source, machine, seen, word_at, disabled)
    VALUES (1, 'ws3.other.test', 0, 0, 0)`);
  expect(countedAt(store, 62, 'directory').migration).toMatchObject({ moved: 1, left: 40, isGuessed: false });
});

it('leaves those out at the old host that ask the new one, where they count as all others', () => {
  const store = migration(60, (n) => n, { host: 'kms2.corp.test' });
  const during = countedAt(store, 60, 'kms2.corp.test');
  expect(during.migration).toMatchObject({ moved: 40, left: 0, isGuessed: false });
  expect(during.classes[0]?.tally.leases).toBe(40);
  expect(oldHost(during)).toMatchObject({ margins: [], pools: [{ idleLimit: Number.POSITIVE_INFINITY }] });
  expect(during.hosts.find(({ host }) => String(host) === 'kms2.corp.test')?.margins).toMatchObject([{ margin: 15 }]);
});

it('changes nothing before the move begins', () => {
  const store = migration(0, () => 1000);
  expect(countedAt(store, -1, 'directory').migration).toBeUndefined();
});

it('measures silence without those that say that they have moved', () => {
  const store = migration(60, (n) => (n === 1 ? -20 : 1000));
  const others = upTo(40, (n) => `ws${n}.corp.test`).slice(1);
  say(store, 61, others);
  expect(countedAt(store, 62, 'directory').classes[0]?.renewals).toMatchObject([{ heard: 1, stalled: 1 }]);
});

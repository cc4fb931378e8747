import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { windowsEnvelope } from '../../../test/doubles/wsman-answers.ts';
import { DEFAULT_SETTINGS } from '../../../test/store/default-settings.ts';
import {
  HOST,
  KMS,
  QUICK,
  type Reading,
  reading,
  requestEvent,
  requestEvents,
} from '../../../test/support/log-host.ts';
import { FOREVER, PATIENT } from '../../../test/support/patient.ts';
import { startWindowsHost, type WindowsHost } from '../../demo/windows/windows-host.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { err } from '../../kernel/result.ts';
import { millis } from '../../kernel/time.ts';
import { storeFailure } from '../../store/failure.ts';
import { openStore, type Store } from '../../store/store.ts';

let folder = '';
let store: Store;
let host: WindowsHost;
let task: Reading | undefined;

async function open(): Promise<Store> {
  const opened = await openStore(join(folder, 'kmswatch.db'), {
    settings: DEFAULT_SETTINGS,
    clock: systemClock,
    logger: silentLogger,
  });
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-logs-'));
  store = await open();
  host = await startWindowsHost({ name: 'KMS01' });
});
afterEach(async () => {
  await task?.stop();
  task = undefined;
  await host.close();
  await store.close();
  await rm(folder, { recursive: true });
});

function start(...args: Parameters<typeof reading> extends [unknown, unknown, ...infer Rest] ? Rest : never): Reading {
  task = reading(host, store, ...args);
  return task;
}

async function restart(between: () => void, ...args: Parameters<typeof start>): Promise<Reading> {
  await task?.stop();
  between();
  return start(...args);
}

async function requests(): Promise<number> {
  return (await store.count(FOREVER))?.requests.reduce((sum, { count }) => sum + count, 0) ?? 0;
}

async function count(result: string): Promise<number> {
  const ingest = (await store.count(FOREVER))?.ingest;
  return ingest?.find((each) => each.source === 'winrm' && each.result === result)?.count ?? 0;
}

async function known() {
  return (await store.count(FOREVER))?.hosts.find((each) => each.host === HOST);
}

describe('a host that begins at the end of its logs (event 111)', () => {
  it('whatever it is asked for is read by queries', async () => {
    host.behaviour.marker = 'always';
    host.log(KMS).append(requestEvents(20));
    const told = start();
    await vi.waitFor(async () => expect(await requests()).toBe(20), PATIENT);
    expect(told.refusals).toContainEqual(expect.stringContaining('event 111'));
    expect(await count('ignored')).toBe(0);
  });

  it('in spite of a bookmark is read again from the beginning, and a gap is counted', async () => {
    host.log(KMS).append(requestEvents(10, 1, Date.now() - 60_000));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    await restart(() => {
      host.behaviour.marker = 'for bookmarks';
      host.log(KMS).append(requestEvents(490, 11));
    });
    await vi.waitFor(async () => expect(await requests()).toBe(500), PATIENT);
    expect((await known())?.gaps).toBe(1);
    expect(await count('ignored')).toBe(0);
  });
});

it('goes on where a pull that timed out has ended its enumeration', async () => {
  host.behaviour.emptyPull = 'timed out';
  host.behaviour.endsOnTimeout = true;
  const told = start();
  await vi.waitFor(() => expect(told.answers).toBeGreaterThan(4), PATIENT);
  host.log(KMS).append(requestEvents(5));
  await vi.waitFor(async () => expect(await requests()).toBe(5), PATIENT);
  expect(told.failures).toEqual([]);
});

it('loses nothing where a store that is slower than the heartbeat ends the subscription', async () => {
  host.behaviour.endsUnpulled = true;
  const { ingestFromLog } = store;
  let slow = 2;
  let subscribed = 0;
  host.disturb = ({ action }) => {
    if (action === 'Subscribe') subscribed++;
    return undefined;
  };
  store.ingestFromLog = async (...batch) => {
    if (slow-- > 0) await wait(QUICK.pullTimeout);
    return ingestFromLog(...batch);
  };
  host.log(KMS).append(requestEvents(5));
  start();
  await vi.waitFor(async () => expect(await requests()).toBe(5), PATIENT);
  host.log(KMS).append(requestEvents(5, 6));
  await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
  expect([await count('duplicate'), (await known())?.gaps]).toEqual([0, 0]);
  expect(subscribed).toBeGreaterThan(1);
});

describe('the logs of a host', () => {
  it('are read from their beginning and go on as records come, under the name of the host', async () => {
    host.log(KMS).append(requestEvents(700));
    host.log('Application').append([
      { time: Date.now() - 5000, eventId: 12294, data: ['corp.example'] },
      { time: Date.now() - 4000, eventId: 12292, data: ['0xC004F038'], provider: 'VSS' },
      { time: Date.now() - 3000, eventId: 1003, data: ['x'] },
    ]);
    const told = start();
    await vi.waitFor(async () => expect(await requests()).toBe(700), PATIENT);
    await vi.waitFor(async () => expect((await known())?.dnsPublish).toMatchObject([{ result: 'success' }]), PATIENT);
    host.log(KMS).append(requestEvents(5, 701, Date.now() + 5000));
    await vi.waitFor(async () => expect(await requests()).toBe(705), PATIENT);
    expect(await count('accepted')).toBe(706);
    expect((await count('duplicate')) + (await count('ignored')) + (await count('rejected'))).toBe(0);
    expect([(await known())?.gaps, (await known())?.lastPush, told.failures, told.refusals]).toEqual([
      0,
      undefined,
      [],
      [],
    ]);
    expect((await store.count(FOREVER))?.hosts).toHaveLength(1);
  });

  it('go on after a restart where they stopped, and after a torn connection', async () => {
    host.log(KMS).append(requestEvents(30));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(30), PATIENT);
    await restart(() => host.log(KMS).append(requestEvents(20, 31)));
    await vi.waitFor(async () => expect(await requests()).toBe(50), PATIENT);
    host.disturb = ({ action, nth }) => (action === 'Pull' && nth % 2 === 0 ? { kind: 'tear', after: 100 } : undefined);
    host.log(KMS).append(requestEvents(20, 51));
    await vi.waitFor(async () => expect(await requests()).toBe(70), PATIENT);
    await vi.waitFor(() => expect(task?.failures.length).toBeGreaterThan(2), PATIENT);
    expect([await count('accepted'), await count('duplicate'), (await known())?.gaps]).toEqual([70, 0, 0]);
  });

  it('are asked for again when the store has not taken them', async () => {
    let isFull = true;
    const full = {
      ...{ logBookmark: store.logBookmark },
      ingestFromLog: async (...args: Parameters<Store['ingestFromLog']>) =>
        isFull ? err(storeFailure('full', 'the disk is full')) : store.ingestFromLog(...args),
    };
    host.log(KMS).append(requestEvents(10));
    task = reading(host, full);
    await vi.waitFor(() => expect(task?.failures.length).toBeGreaterThan(2), PATIENT);
    expect(await requests()).toBe(0);
    isFull = false;
    await vi.waitFor(async () => expect([await requests(), await count('duplicate')]).toEqual([10, 0]), PATIENT);
  });

  it('are heard when there is nothing in them', async () => {
    const began = Math.floor(Date.now() / 1000);
    const told = start({ pullTimeout: millis(100) });
    await vi.waitFor(() => expect(told.answers).toBeGreaterThan(2), PATIENT);
    expect(told.failures).toEqual([]);
    expect((await known())?.lastArrival).toBeGreaterThanOrEqual(began);
  });
});

describe('a gap', () => {
  /** What the host does with a bookmark whose record is gone must not matter. */
  const bookmarks = ['nearest', 'oldest', 'fault'] as const;

  it.each(bookmarks)('is noticed when records were overwritten meanwhile (%s)', async (lostBookmark) => {
    host.behaviour.lostBookmark = lostBookmark;
    const began = Math.floor(Date.now() / 1000);
    host.log(KMS).append(requestEvents(10));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    await restart(() => {
      host.log(KMS).append(requestEvents(20, 11));
      host.log(KMS).overwrite(15);
    });
    await vi.waitFor(async () => expect([await requests(), (await known())?.gaps]).toEqual([25, 1]), PATIENT);
    expect((await known())?.lastGap).toBeGreaterThanOrEqual(began);
  });

  it.each(bookmarks)(
    'is noticed when the log was cleared meanwhile, and its records begin again (%s)',
    async (lost) => {
      host.behaviour.lostBookmark = lost;
      host.log(KMS).append(requestEvents(10, 1, Date.now() - 60_000));
      start();
      await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
      await restart(() => {
        host.log(KMS).clear();
        host.log(KMS).append(requestEvents(3, 11));
      });
      await vi.waitFor(async () => expect([await requests(), (await known())?.gaps]).toEqual([13, 1]), PATIENT);
      await restart(() => host.log(KMS).append(requestEvents(2, 14)));
      await vi.waitFor(async () => expect([await requests(), (await known())?.gaps]).toEqual([15, 1]), PATIENT);
    },
  );

  it('is noticed when the log was cleared meanwhile, and nothing is in it', async () => {
    host.log(KMS).append(requestEvents(10));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    await restart(() => host.log(KMS).clear(), { look: millis(200) });
    await vi.waitFor(async () => expect((await known())?.gaps).toBe(1), PATIENT);
  });

  it.each([
    { kind: 'fault', fault: 'timed out' } as const,
    {
      kind: 'verbatim',
      body: windowsEnvelope(
        '<n:PullResponse><n:EnumerationContext>uuid:1</n:EnumerationContext><n:Items/></n:PullResponse>',
      ),
    } as const,
  ])('is none when the host is slow to tell what its log begins with ($kind)', async (slow) => {
    host.log(KMS).append(requestEvents(10));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    let pulls = 0;
    await restart(() => {
      host.disturb = ({ action }) => {
        if (action === 'Pull') pulls += 1;
        return action === 'Pull' && pulls === 1 ? slow : undefined;
      };
      host.log(KMS).append(requestEvents(3, 11));
    });
    await vi.waitFor(async () => expect(await requests()).toBe(13), PATIENT);
    expect([(await known())?.gaps, await count('duplicate')]).toEqual([0, 0]);
  });

  it('is none when the log has lost only what was read', async () => {
    host.log(KMS).append(requestEvents(10));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    await restart(() => {
      host.log(KMS).overwrite(10);
      host.log(KMS).append(requestEvents(3, 11));
    });
    await vi.waitFor(async () => expect([await requests(), (await known())?.gaps]).toEqual([13, 0]), PATIENT);
  });

  it('is none when the log Application has moved on with records that are not read', async () => {
    const application = host.log('Application');
    application.append([{ time: Date.now() - 60_000, eventId: 12294, data: ['corp.example'] }]);
    start();
    await vi.waitFor(async () => expect((await known())?.dnsPublish).toHaveLength(1), PATIENT);
    await restart(() => {
      application.append(Array.from({ length: 9 }, () => ({ time: Date.now() - 30_000, eventId: 1003, data: ['x'] })));
      application.overwrite(5);
    });
    host.log(KMS).append(requestEvents(1));
    await vi.waitFor(async () => expect([await requests(), (await known())?.gaps]).toEqual([1, 0]), PATIENT);
  });
});

describe('where a subscription is refused', () => {
  beforeEach(() => {
    host.disturb = ({ action }) => (action === 'Subscribe' ? { kind: 'fault', fault: 'access denied' } : undefined);
  });

  it('the logs are read by queries, each record once', async () => {
    host.log(KMS).append(requestEvents(2500, 1, Date.now() - 1000));
    host.log('Application').append([{ time: Date.now() - 5000, eventId: 12293, data: ['0x80072328', 'corp.example'] }]);
    const told = start();
    await vi.waitFor(async () => expect(await requests()).toBe(2500), PATIENT);
    expect((await known())?.dnsPublish).toMatchObject([{ result: 'failure', domain: 'corp.example' }]);
    host.log(KMS).append(requestEvents(5, 2501));
    await vi.waitFor(async () => expect(await requests()).toBe(2505), PATIENT);
    expect([await count('accepted'), told.failures, told.refusals.length, (await known())?.gaps]).toEqual([
      2506,
      [],
      1,
      0,
    ]);
  });

  it('a long log may take longer than one answer may', async () => {
    const refuse = host.disturb;
    host.disturb = (request) =>
      request.action === 'Enumerate' || request.action === 'Pull'
        ? { kind: 'late', milliseconds: 1000 }
        : refuse?.(request);
    host.log(KMS).append(requestEvents(2500));
    const told = start({ timeout: millis(3000) });
    await vi.waitFor(async () => expect(await requests()).toBe(2500), PATIENT);
    expect(host.requests.get('Pull')).toBeGreaterThan(2);
    expect(told.failures).toEqual([]);
  });

  it('they go on after a restart, and trying to subscribe again', async () => {
    host.log(KMS).append(requestEvents(5));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(5), PATIENT);
    await restart(() => host.log(KMS).append(requestEvents(5, 6)), { retryRefused: 200 });
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    host.disturb = undefined;
    await vi.waitFor(() => expect(host.contexts().subscriptions).toBe(1), PATIENT);
    host.log(KMS).append(requestEvents(5, 11));
    await vi.waitFor(async () => expect([await requests(), (await known())?.gaps]).toEqual([15, 0]), PATIENT);
  });

  it('a log with more than a query may find is read one range of time after the other', async () => {
    const hours = 900;
    const start = Date.now() - hours * 3_600_000;
    host.log(KMS).append(Array.from({ length: hours }, (_, n) => requestEvent(n + 1, start + n * 3_600_000)));
    task = reading(host, store, {}, 200);
    await vi.waitFor(async () => expect(await requests()).toBe(hours), PATIENT);
    host.log(KMS).append(requestEvents(5, hours + 1));
    await vi.waitFor(async () => expect(await requests()).toBe(hours + 5), PATIENT);
    expect([task.failures, await count('duplicate'), (await known())?.gaps]).toEqual([[], 0, 0]);
  });

  it('a range of time that has too much and cannot be shorter is reported', async () => {
    host.log(KMS).append(requestEvents(2500));
    task = reading(host, store, {}, 200);
    await vi.waitFor(() => expect(task?.failures[0]).toMatch(/and by queries: .*more than 200 instances/), PATIENT);
  });

  it('a gap is noticed when the log is cleared between two queries', async () => {
    host.log(KMS).append(requestEvents(10, 1, Date.now() - 60_000));
    start();
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    host.log(KMS).clear();
    host.log(KMS).append(requestEvents(3, 11));
    await vi.waitFor(async () => expect([await requests(), (await known())?.gaps]).toEqual([13, 1]), PATIENT);
  });

  it('a fault that goes by is no refusal, and one that stays is', async () => {
    let faults = 2;
    host.disturb = ({ action }) => {
      if (action !== 'Subscribe' || faults === 0) return undefined;
      faults -= 1;
      return { kind: 'fault', fault: 'internal error' };
    };
    host.log(KMS).append(requestEvents(5));
    const told = start();
    await vi.waitFor(async () => expect(await requests()).toBe(5), PATIENT);
    expect([told.failures.length, told.refusals, host.requests.get('Enumerate')]).toEqual([2, [], undefined]);
    faults = Number.POSITIVE_INFINITY;
    const again = await restart(() => host.log(KMS).append(requestEvents(5, 6)));
    await vi.waitFor(async () => expect(await requests()).toBe(10), PATIENT);
    expect([again.failures.length, again.refusals.length]).toEqual([2, 1]);
  });

  it('and queries too, both are reported', async () => {
    host.disturb = () => ({ kind: 'fault', fault: 'access denied' });
    const told = start();
    await vi.waitFor(() => expect(told.failures.length).toBeGreaterThan(1), PATIENT);
    expect(told.failures[0]).toMatch(/; and by queries: /);
  });
});

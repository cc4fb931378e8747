import { expect, it } from 'vitest';
import { PRO } from '../../test/store/store-in-memory.ts';
import { writeLog } from '../../test/support/evtx/evtx-writer.ts';
import { placesOf, requests } from '../../test/support/evtx/requests.ts';
import type { EventRecord } from '../activations/types.ts';
import { Intake } from '../ingest/intake.ts';
import { err, ok } from '../kernel/result.ts';
import { storeFailure } from '../store/failure.ts';
import type { Ingested, StoreAccess, Unread } from '../store/store-types.ts';

interface Given {
  readonly records: readonly EventRecord[];
  readonly unread: Unread | undefined;
}

/** Keeps what it is given, and has no room from the n-th call on. */
function storeThatTakes(calls = Number.POSITIVE_INFINITY) {
  const given: Given[] = [];
  const ingest: StoreAccess['ingest'] = async (_, records, unread) => {
    if (given.length >= calls) return err(storeFailure('full', 'the disk is full'));
    given.push({ records, unread });
    return ok({ accepted: records.length - 1, duplicate: 1, ignored: 0 } satisfies Ingested);
  };
  return { store: { ingest } as StoreAccess, given };
}

function line(recordId: number, eventId = 12_290): string {
  const guid = 'c0000000-0000-4000-8000-000000000001';
  const values = ['0x0', '25', 'ws1', guid, '2026/5/4 10:11', '0', '1', '249120', PRO];
  return `${JSON.stringify({
    ...{ host: 'kms1.corp.test', channel: 'Key Management Service', record_id: recordId, event_id: eventId },
    ...{ time: '2026-05-04T10:11:12Z', data: eventId === 12_290 ? [values.join(), ...values] : [] },
  })}\n`;
}

function lines(count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, (_, n) => line(n)).join(''));
}

it('hands over what was read, and sums up what became of it', async () => {
  const { store, given } = storeThatTakes();
  const intake = new Intake(store, 'http');
  expect(await intake.push(Buffer.from(line(1) + line(2, 1) + line(3)))).toBeUndefined();
  expect(given).toEqual([]);
  expect(await intake.end()).toBeUndefined();
  expect(given.map(({ records, unread }) => [records.map(({ recordId }) => recordId), unread])).toEqual([
    [[1, 3], { ignored: 1, rejected: 0 }],
  ]);
  expect(intake.summary).toEqual({ accepted: 1, duplicate: 1, ignored: 1, rejected: [], rejected_count: 0 });
  expect([intake.isEmpty, intake.understoodAny]).toEqual([false, true]);
});

it('hands over a large body in parts, and tells of what it could not use once', async () => {
  const { store, given } = storeThatTakes();
  const intake = new Intake(store, 'import');
  await intake.push(Buffer.concat([Buffer.from('{"host": 5}\n'), lines(9000)]));
  await intake.end();
  expect(given.length).toBeGreaterThan(1);
  expect(given.flatMap(({ records }) => records)).toHaveLength(9000);
  expect(given.map(({ unread }) => unread?.rejected)).toEqual([1, ...given.slice(1).map(() => 0)]);
});

it('says which record it rejects, and why', async () => {
  const { store } = storeThatTakes();
  const intake = new Intake(store, 'http', ({ recordId }) => (recordId === 2 ? 'not yours' : undefined));
  await intake.push(Buffer.from(line(1) + line(2) + line(3)));
  await intake.end();
  expect(intake.summary).toMatchObject({ rejected: [{ index: 1, reason: 'not yours' }], rejected_count: 1 });
});

it('lists a thousand refusals, and counts all', async () => {
  const { store } = storeThatTakes();
  const intake = new Intake(store, 'http', () => 'not yours');
  await intake.push(lines(1500));
  await intake.end();
  expect([intake.summary.rejected.length, intake.summary.rejected_count, intake.understoodAny]).toEqual([
    ...[1000, 1500, false],
  ]);
});

it('tells the sender why the store takes nothing', async () => {
  const intake = new Intake(storeThatTakes(0).store, 'http');
  await intake.push(Buffer.from(line(1)));
  expect(await intake.end()).toMatch(/^the disk is full\. /);
  expect(intake.summary.accepted).toBe(0);
});

it('tells once that a form cannot be read, however many records there are, but counts all for the metric', async () => {
  const { store, given } = storeThatTakes();
  const intake = new Intake(store, 'import');
  await intake.push(Buffer.from(JSON.stringify([{ a: 1 }, { a: 2 }, { a: 3 }])));
  await intake.end();
  expect(intake.summary).toMatchObject({ rejected: [{ index: 0, reason: intake.refusal }], rejected_count: 1 });
  expect(given[0]?.unread).toEqual({ ignored: 0, rejected: 3 });
});

it('lists each form once among records that are read, and counts every record', async () => {
  const intake = new Intake(storeThatTakes().store, 'import');
  await intake.push(Buffer.from(`${line(1)}{"a":1}\n{"a":2}\n{"b":1}\n`));
  await intake.end();
  expect(intake.summary).toMatchObject({ rejected: [{ index: 1 }, { index: 3 }], rejected_count: 3 });
  expect(intake.refusal).toBeUndefined();
});

it.each(['', ' \r\n', '\ufeff'])('says that a file is empty: %j', async (text) => {
  const intake = new Intake(storeThatTakes().store, 'import');
  await intake.push(Buffer.from(text));
  await intake.end();
  expect(intake.summary.rejected).toEqual([{ index: 0, reason: expect.stringContaining('the file is empty') }]);
  expect([intake.summary.rejected_count, intake.isEmpty]).toEqual([1, true]);
});

it.each([
  '[]',
  '{"value":[],"Count":0}',
  '{"took":1,"hits":{"total":0,"hits":[]}}',
  '{"resourceLogs":[]}',
  '<Events></Events>',
  '<?xml version="1.0"?>\n<Events/>',
  writeLog([]),
])('says of a form with nothing in it that it has no record, and what to do: %j', async (content) => {
  const { store, given } = storeThatTakes();
  const intake = new Intake(store, 'import');
  await intake.push(Buffer.from(content as string));
  await intake.end();
  const reason = expect.stringMatching(/^there is no record in it: .* run wevtutil qe "Key Management Service"/);
  expect(intake.summary).toMatchObject({ rejected: [{ index: 0, reason }], rejected_count: 1 });
  expect(intake.refusal).toEqual(reason);
  expect(given[0]?.unread).toEqual({ ignored: 0, rejected: 0 });
});

it('knows the parts of a saved log that are damaged from other refusals', async () => {
  const log = writeLog(requests(4));
  log.writeUInt32LE(0, (placesOf(log)[1] ?? 0) + 4);
  const intake = new Intake(storeThatTakes().store, 'import', ({ recordId }) =>
    recordId === 4 ? 'not yours' : undefined,
  );
  await intake.push(log);
  await intake.end();
  expect(intake.summary.rejected.map(({ index }) => [index, intake.isDamage(index)])).toEqual([
    [1, true],
    [3, false],
  ]);
  expect([intake.damage, intake.summary.rejected_count]).toEqual([1, 2]);
});

it('tells records of other programs from those that are out of time', async () => {
  const ingest: StoreAccess['ingest'] = async (_, records) =>
    ok({ accepted: 0, duplicate: 0, ignored: records.length });
  const intake = new Intake({ ingest } as StoreAccess, 'import');
  await intake.push(Buffer.from(line(1) + line(2, 1) + line(3)));
  await intake.end();
  expect([intake.ignored, intake.summary.ignored]).toEqual([{ foreign: 1, outOfTime: 2 }, 3]);
});

it('is hopeless once a hundred thousand records could not be read', async () => {
  const intake = new Intake(storeThatTakes().store, 'http');
  await intake.push(Buffer.from('{"a":1}\n'.repeat(99_999)));
  expect(intake.isHopeless).toBe(false);
  await intake.push(Buffer.from('{"a":1}\n{"a":1}\n'));
  expect(intake.isHopeless).toBe(true);
});

it('is empty if there was nothing in it', async () => {
  const intake = new Intake(storeThatTakes().store, 'http');
  await intake.push(Buffer.from('\n'));
  await intake.end();
  expect([intake.isEmpty, intake.understoodAny]).toEqual([true, false]);
});

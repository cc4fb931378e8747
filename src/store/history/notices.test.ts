import { expect, it } from 'vitest';
import { memoryDatabase, NOW, noticeRecord, requestRecord } from '../../../test/store/store-in-memory.ts';
import { hostName } from '../../../test/support/host-name.ts';
import type { EventRecord } from '../../activations/types.ts';
import { namesOf } from './names.ts';
import { Notices } from './notices.ts';

const BODIES = [
  { kind: 'service_failure', failure: 'init', hresult: 5 },
  { kind: 'service_failure', failure: 'timer', hresult: 6 },
  { kind: 'dns_publish', result: 'success', domain: hostName('corp.test'), hresult: 0 },
  { kind: 'dns_publish', result: 'failure', domain: hostName('corp.test'), hresult: 9 },
] as const;

function noticesWith(...records: readonly EventRecord[]) {
  const { hosts } = namesOf(memoryDatabase());
  const notices = new Notices(memoryDatabase(), hosts);
  return { notices, added: records.map((record) => notices.add(record, hosts.no(record.host))) };
}

it('gives every notice back as it came', () => {
  const records = BODIES.map((body, index) => noticeRecord(body, NOW + index));
  const { notices, added } = noticesWith(...records);
  expect(added).toEqual([true, true, true, true]);
  expect([...notices.all()].map(([, record]) => record)).toEqual(records);
});

it('knows a notice that comes again, and leaves requests to the records', () => {
  const [init] = BODIES;
  const { notices, added } = noticesWith(noticeRecord(init), noticeRecord(init), requestRecord());
  expect(added).toEqual([true, false, false]);
  expect([...notices.all()]).toHaveLength(1);
});

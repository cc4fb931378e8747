import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  askWsman,
  contextOf,
  EARLIEST,
  EVENT_LOG,
  enumerateAll,
  faultOf,
  itemsOf,
  pullBody,
  type SubscribeOptions,
  subscribeBody,
  type WsmanAnswer,
} from '../../../test/support/wsman.ts';
import type { NewEvent } from './event-log.ts';
import { NS } from './namespaces.ts';
import { startWindowsHost, type WindowsHost } from './windows-host.ts';
import { child, childText, type ReadElement } from './xml-reader.ts';

const KMS = 'Key Management Service';
const START = Date.UTC(2026, 4, 4, 10);
const REQUESTS = { [KMS]: '*[System[(EventID=12290)]]' };
const BOTH = {
  ...REQUESTS,
  Application: "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID>=12291 and EventID<=12294)]]",
};
const IGNORE =
  '<w:OptionSet xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><w:Option Name="IgnoreChannelError" i:nil="true"/></w:OptionSet>';
const RAW = '<w:OptionSet><w:Option Name="ContentFormat">Raw</w:Option></w:OptionSet>';

let host: WindowsHost;

beforeEach(async () => {
  host = await startWindowsHost({ name: 'kms01.corp.example' });
});
afterEach(() => host.close());

function events(count: number, more: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, (_, i) => ({
    time: START + i * 1000,
    eventId: 12290,
    data: [`a & <${i}>`],
    ...more,
  }));
}

function subscribe(options: Partial<SubscribeOptions> = {}, header = RAW): Promise<WsmanAnswer> {
  return askWsman(host.url, {
    action: 'Subscribe',
    resource: EVENT_LOG,
    header,
    body: subscribeBody({ queries: REQUESTS, ...options }),
  });
}

function pull(
  context: string,
  more: { maxElements?: number; operationTimeout?: string; signal?: AbortSignal } = {},
): Promise<WsmanAnswer> {
  const { maxElements, operationTimeout = 'PT0.5S', signal } = more;
  return askWsman(
    host.url,
    { action: 'Pull', resource: EVENT_LOG, operationTimeout, body: pullBody(context, maxElements) },
    signal,
  );
}

function recordIds(answer: WsmanAnswer): number[] {
  return itemsOf(answer).map((event) => Number(childText(child(event, 'System'), 'EventRecordID', NS.event)));
}

function bookmarksOf({ header }: WsmanAnswer): Record<string, string | undefined>[] | undefined {
  const list = child(child(header, 'Bookmark', NS.wsman), 'BookmarkList', NS.none);
  return list?.children.map(({ attributes }: ReadElement) => Object.fromEntries(attributes));
}

function bookmark(recordId: number): string {
  return `<BookmarkList><Bookmark Channel="${KMS}" RecordId="${recordId}" IsCurrent="true"/></BookmarkList>`;
}

describe('a subscription', () => {
  test.each([false, true])('gives what there is from the earliest record on (query escaped: %s)', async (isEscaped) => {
    host.log(KMS).append([...events(3), ...events(1, { eventId: 31337 }), ...events(1)]);

    const subscribed = await subscribe({ bookmark: EARLIEST, isEscaped });
    const pulled = await pull(contextOf(subscribed));

    expect(recordIds(pulled)).toEqual([1, 2, 3, 5]);
    expect(bookmarksOf(pulled)).toEqual([{ Channel: KMS, RecordId: '5', IsCurrent: 'true' }]);
    const data = child(child(itemsOf(pulled)[1], 'EventData'), 'Data');
    expect(data).toMatchObject({ ns: NS.event, text: 'a & <1>' });
  });

  test('without a bookmark gives what comes', async () => {
    host.log(KMS).append(events(3));
    const context = contextOf(await subscribe());
    const pulling = pull(context, { operationTimeout: 'PT20S' });
    setTimeout(() => host.log(KMS).append(events(2)), 100);

    expect(recordIds(await pulling)).toEqual([4, 5]);
  });

  test('goes on after its bookmark', async () => {
    host.log(KMS).append(events(9));

    const pulled = await pull(contextOf(await subscribe({ bookmark: bookmark(6) })));

    expect(recordIds(pulled)).toEqual([7, 8, 9]);
  });

  test('gives pages, in order of time over all its channels, with a bookmark for each', async () => {
    host.log(KMS).append(events(5));
    host.log('Application').append([
      { time: START + 1500, eventId: 12294, data: ['corp.example'] },
      { time: START + 1600, eventId: 12294, data: ['corp.example'], provider: 'Other' },
      { time: START + 9000, eventId: 12291, data: ['0x80070005'], recordId: 900 },
    ]);
    const first = await pull(contextOf(await subscribe({ queries: BOTH, bookmark: EARLIEST })), { maxElements: 3 });
    const second = await pull(contextOf(first));

    expect(recordIds(first)).toEqual([1, 2, 1]);
    expect(bookmarksOf(first)).toEqual([
      { Channel: KMS, RecordId: '2' },
      { Channel: 'Application', RecordId: '1', IsCurrent: 'true' },
    ]);
    expect(recordIds(second)).toEqual([3, 4, 5, 900]);
  });

  test('ends a subscription that is not pulled within its heartbeat, if it is one of those that do', async () => {
    host.behaviour.endsUnpulled = true;
    const context = contextOf(await subscribe({ heartbeats: 'PT0.1S' }));
    await wait(200);
    expect(faultOf(await pull(context)).code).toBe(String(0x8033800a));
    host.behaviour.endsUnpulled = false;
    const other = contextOf(await subscribe({ heartbeats: 'PT0.1S' }));
    await wait(200);
    expect(itemsOf(await pull(other))).toEqual([]);
  });

  test('says by a fault that nothing came, or after a heartbeat by no items and no bookmark', async () => {
    const faulted = await pull(contextOf(await subscribe()));
    const quiet = await pull(contextOf(await subscribe({ heartbeats: 'PT0.1S' })), { operationTimeout: 'PT20S' });
    host.behaviour.emptyPull = 'empty items';
    const empty = await pull(contextOf(await subscribe()));

    expect(faultOf(faulted)).toEqual({ subcode: 'TimedOut', code: '2150858793' });
    for (const answer of [quiet, empty]) {
      expect(child(answer.body, 'Items', NS.enumeration)?.children).toEqual([]);
      expect(child(answer.header, 'Bookmark')).toBeUndefined();
      expect(contextOf(answer)).not.toBe('');
    }
  });

  test('can go on after a fault that said that nothing came', async () => {
    const context = contextOf(await subscribe());
    await pull(context);
    host.log(KMS).append(events(1));

    expect(recordIds(await pull(context))).toEqual([1]);
    expect(faultOf(await pull(context)).subcode).toBe('InvalidEnumerationContext');
  });

  test('is pulled by one at a time, and not held by one that hung up', async () => {
    const context = contextOf(await subscribe());
    const hangUp = new AbortController();
    const first = pull(context, { operationTimeout: 'PT20S', signal: hangUp.signal });
    await expect.poll(async () => faultOf(await pull(context)).subcode).toBe('Concurrency');
    hangUp.abort();
    await expect(first).rejects.toThrow();

    await expect.poll(async () => faultOf(await pull(context)).subcode).toBe('TimedOut');
  });

  test('ends if it is stopped', async () => {
    const subscribed = await subscribe();
    const manager = child(child(subscribed.body, 'SubscriptionManager'), 'ReferenceProperties', NS.addressing);
    const header = `<e:Identifier>${childText(manager, 'Identifier', NS.eventing)}</e:Identifier>`;
    const end = () =>
      askWsman(host.url, { action: 'Unsubscribe', resource: EVENT_LOG, header, body: '<e:Unsubscribe/>' });

    expect(host.contexts().subscriptions).toBe(1);
    expect((await end()).status).toBe(200);
    expect(host.contexts().subscriptions).toBe(0);
    expect((await end()).status).toBe(500);
    expect(faultOf(await pull(contextOf(subscribed))).subcode).toBe('InvalidEnumerationContext');
  });

  test.each([
    ['nearest', []],
    ['oldest', [1, 2]],
  ] as const)('whose log was cleared goes on with the %s record', async (lostBookmark, expected) => {
    host.behaviour.lostBookmark = lostBookmark;
    host.log(KMS).append(events(100));
    host.log(KMS).clear();
    host.log(KMS).append(events(2));

    expect(recordIds(await pull(contextOf(await subscribe({ bookmark: bookmark(50) }))))).toEqual(expected);
  });

  test('whose record was overwritten goes on with the oldest that is left, or is refused', async () => {
    host.log(KMS).append(events(100));
    host.log(KMS).overwrite(90);
    expect(recordIds(await pull(contextOf(await subscribe({ bookmark: bookmark(50) })), { maxElements: 2 }))).toEqual([
      91, 92,
    ]);
    host.behaviour.lostBookmark = 'fault';

    expect(faultOf(await subscribe({ bookmark: bookmark(50) }))).toEqual({
      subcode: 'InvalidBookmark',
      code: '2150858808',
    });
  });

  test('that is open while its log is cleared goes on with what comes', async () => {
    host.log(KMS).append(events(100));
    const first = await pull(contextOf(await subscribe({ bookmark: EARLIEST })));
    host.log(KMS).clear();
    host.log(KMS).append(events(1));

    expect(recordIds(await pull(contextOf(first)))).toEqual([1]);
  });

  test.each([
    [{ queries: { Nothing: '*' } }, 'EventSourceUnableToProcess'],
    [{ queries: { ...REQUESTS, Nothing: '*' } }, 'EventSourceUnableToProcess'],
    [{ queries: { [KMS]: '*[Data]' } }, 'FilteringRequestedUnavailable'],
    [{ queries: {} }, 'FilteringRequestedUnavailable'],
    [{ bookmark: '<BookmarkList><Bookmark RecordId="x"/></BookmarkList>' }, 'InvalidBookmark'],
  ])('of %o is refused', async (options, subcode) => {
    expect(faultOf(await subscribe(options)).subcode).toBe(subcode);
  });

  test('may say that a log need not be there', async () => {
    const subscribed = await subscribe({ queries: { ...REQUESTS, Nothing: '*' } }, IGNORE);

    expect(subscribed.status).toBe(200);
  });

  test('cannot be renewed', async () => {
    expect(faultOf(await askWsman(host.url, { action: 'Renew', body: '<e:Renew/>' })).subcode).toBe('UnableToRenew');
  });

  test('of 100,000 records gives each of them once, while more are written', async () => {
    const seen: number[] = [];
    host.log(KMS).append(events(100_000));
    let context = contextOf(await subscribe({ bookmark: EARLIEST }));
    for (let i = 0; i < 10_000 && seen.length < 100_500; i += 1) {
      if (i === 50) host.log(KMS).append(events(500));
      const pulled = await pull(context);
      seen.push(...[...pulled.text.matchAll(/<EventRecordID>(\d+)</g)].map(([, id]) => Number(id)));
      context = /<n:EnumerationContext>([^<]+)</.exec(pulled.text)?.[1] ?? '';
    }

    expect(seen).toEqual(Array.from({ length: 100_500 }, (_, i) => i + 1));
  });
});

test('the same records can be had by WQL, newest first', async () => {
  host.log(KMS).append(events(3));
  const query = `SELECT RecordNumber, InsertionStrings, TimeGenerated FROM Win32_NTLogEvent WHERE Logfile='${KMS}' AND EventCode=12290 AND RecordNumber > 1`;

  const items = (await enumerateAll(host.url, query)).flat();

  expect(items.map((item) => childText(item, 'RecordNumber'))).toEqual(['3', '2']);
  expect(childText(items[0], 'InsertionStrings')).toBe('a & <2>');
  expect(childText(child(items[0], 'TimeGenerated'), 'Datetime')).toBe('2026-05-04T10:00:02Z');
});

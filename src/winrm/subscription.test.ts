import { describe, expect, test } from 'vitest';
import {
  bookmarkHeader,
  IDENTITY,
  logEvent,
  pullResponse,
  SUBSCRIBED,
  TIMED_OUT,
  windowsEnvelope,
  wsmanFault,
} from '../../test/doubles/wsman-answers.ts';
import type { WsmanReply, WsmanScript } from '../../test/doubles/wsman-double.ts';
import { manualClock } from '../../test/support/manual-clock.ts';
import { BASIC, call, winrmBench } from '../../test/support/winrm.ts';
import { xmlEventFields } from '../activations/xml.ts';
import { systemRandom } from '../kernel/random.ts';
import { millis } from '../kernel/time.ts';
import { WinrmClient } from './client.ts';

const bench = winrmBench();
const QUERIES = [
  { channel: 'Key Management Service', xpath: '*[System[(EventID=12290)]]' },
  { channel: 'Application', xpath: "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and EventID<=12294]]" },
];
const RUNNING = new AbortController().signal;

/** Takes subscriptions, and answers the n-th Pull with the n-th reply. */
function log(...pulls: readonly (WsmanReply | (() => void))[]): WsmanScript {
  let pulled = 0;
  return ({ action }) => {
    if (action === 'Subscribe') return { body: SUBSCRIBED };
    if (action === 'Unsubscribe') return { body: windowsEnvelope('') };
    if (action === 'Identify') return { body: IDENTITY };
    pulled += 1;
    return pulls[pulled - 1] ?? { body: TIMED_OUT };
  };
}

async function subscribed(script: WsmanScript, bookmark?: string) {
  const bed = await bench.against(script);
  const subscription = await bed.client.subscribe({ queries: QUERIES, bookmark, pullTimeout: millis(3000), ...call() });
  if (!subscription.ok) throw new Error(subscription.error.text);
  return { ...bed, subscription: subscription.value };
}

describe('a subscription', () => {
  test('asks for both logs in one query, from the earliest record, with bookmarks', async () => {
    const { double } = await subscribed(log());

    const body = double.requests[0]?.body;
    expect(double.requests[0]?.resource).toBe('http://schemas.microsoft.com/wbem/wsman/1/windows/EventLog');
    expect(body).toContain(
      '<QueryList><Query Id="0"><Select Path="Key Management Service">*[System[(EventID=12290)]]</Select><Select Path="Application">' +
        '*[System[Provider[@Name=&apos;Microsoft-Windows-Security-SPP&apos;] and EventID&lt;=12294]]</Select></Query></QueryList>',
    );
    expect(body).toContain('<w:Bookmark>http://schemas.dmtf.org/wbem/wsman/1/wsman/bookmark/earliest</w:Bookmark>');
    expect(body).toContain('<w:SendBookmarks/>');
    expect(body).toContain('Mode="http://schemas.dmtf.org/wbem/wsman/1/wsman/Pull"');
  });

  test('from now on has no bookmark at all', async () => {
    const { client, double } = await bench.against(log());

    expect(await client.subscribe({ queries: QUERIES, from: 'now', ...call() })).toMatchObject({ ok: true });

    expect(double.requests[0]?.body).not.toContain('<w:Bookmark>');
    expect(double.requests[0]?.body).toContain('<w:SendBookmarks/>');
  });

  test('gives events that can be read, and the place after them, and goes on with the newest context', async () => {
    const { double, subscription } = await subscribed(
      log(
        { body: pullResponse(logEvent(7) + logEvent(8), 'uuid:SECOND', bookmarkHeader(8)) },
        { body: pullResponse(logEvent(9), 'uuid:THIRD', bookmarkHeader(9)) },
      ),
    );

    const first = await subscription.pull(RUNNING);
    const second = await subscription.pull(RUNNING);

    expect(first.ok && first.value.events.map(xmlEventFields)).toMatchObject([
      { eventId: '12290', recordId: '7', channel: 'Key Management Service', data: ['0x0,0x0', ''], problem: undefined },
      { recordId: '8', time: '2026-11-24T07:00:00.000000000Z', host: 'kms01.corp.example.com' },
    ]);
    expect(first.ok && first.value.bookmark).toBe(
      '<BookmarkList><Bookmark Channel="Key Management Service" RecordId="8" IsCurrent="true"/></BookmarkList>',
    );
    expect(second.ok && second.value.events).toHaveLength(1);
    expect(double.requests.map(({ context }) => context)).toEqual(['', 'uuid:FIRST', 'uuid:SECOND']);
  });

  test('resumes from the bookmark that it gave', async () => {
    const kept =
      '<BookmarkList><Bookmark Channel="Key Management Service" RecordId="8" IsCurrent="true"/></BookmarkList>';

    const { double } = await subscribed(log(), kept);

    expect(double.requests[0]?.body).toContain(`<w:Bookmark>${kept}</w:Bookmark>`);
    expect(double.requests[0]?.body).not.toContain('earliest');
  });

  test.each([
    ['a fault of WS-Management', { body: TIMED_OUT }],
    ['a fault of enumeration', { body: wsmanFault('n:TimedOut', 2150858780, 'nothing yet') }],
    ['no items', { body: pullResponse('', 'uuid:SECOND') }],
    ['a sign of life', { body: pullResponse('<w:Heartbeat/>', 'uuid:SECOND') }],
  ])('that heard nothing new, told by %s, is no failure and goes on', async (_, nothing) => {
    const { subscription } = await subscribed(log(nothing, { body: pullResponse(logEvent(1), 'uuid:X') }));

    expect(await subscription.pull(RUNNING)).toEqual({ ok: true, value: { events: [], bookmark: undefined } });
    expect(await subscription.pull(RUNNING)).toMatchObject({ ok: true, value: { events: [expect.any(String)] } });
  });

  test('reads an event that comes as text', async () => {
    const text = logEvent(5).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    const { subscription } = await subscribed(
      log({ body: pullResponse(`<w:Event><![CDATA[${logEvent(4)}]]></w:Event><w:Event>${text}</w:Event>`, 'c') }),
    );

    const batch = await subscription.pull(RUNNING);

    expect(batch.ok && batch.value.events.map((event) => xmlEventFields(event).recordId)).toEqual(['4', '5']);
  });

  test('reads an event in a separate envelope', async () => {
    const wrapped = `<w:Event Action="http://schemas.dmtf.org/wbem/wsman/1/wsman/Event">${logEvent(6)}</w:Event>`;
    const { subscription } = await subscribed(log({ body: pullResponse(wrapped + logEvent(7), 'c') }));

    const batch = await subscription.pull(RUNNING);

    expect(batch.ok && batch.value.events.map((event) => xmlEventFields(event).recordId)).toEqual(['6', '7']);
  });

  test('passes on an event that is no sound XML, so that it is counted', async () => {
    const { subscription } = await subscribed(
      log({ body: pullResponse('<w:Event>&lt;Event&gt;&lt;System</w:Event><w:Event/>', 'c') }),
    );

    const batch = await subscription.pull(RUNNING);

    expect(batch.ok && batch.value.events.map((event) => xmlEventFields(event).problem)).toEqual([expect.any(String)]);
  });

  test('is over after a failure: what was on its way may be lost there', async () => {
    const { subscription } = await subscribed(log({ status: 500, body: '' }, { body: pullResponse(logEvent(1), 'x') }));

    expect(await subscription.pull(RUNNING)).toMatchObject({ error: { reason: 'http' } });
    expect(await subscription.pull(RUNNING)).toMatchObject({ error: { reason: 'gone' } });
  });

  test('is over when the host ends it, after its last events', async () => {
    const { subscription } = await subscribed(log({ body: pullResponse(logEvent(1)) }));

    expect(await subscription.pull(RUNNING)).toMatchObject({ ok: true, value: { events: [expect.any(String)] } });
    expect(await subscription.pull(RUNNING)).toMatchObject({ error: { reason: 'gone' } });
  });

  test('is given up at the host, also while a pull waits', async () => {
    const { double, subscription } = await subscribed(log(() => {}));
    const pulling = subscription.pull(RUNNING);
    await expect.poll(() => double.requests.length).toBe(2);

    await subscription.unsubscribe();

    expect(await pulling).toMatchObject({ error: { reason: 'aborted' } });
    expect(double.requests.at(-1)).toMatchObject({ action: 'Unsubscribe' });
    expect(double.requests.at(-1)?.body).toContain('<e:Identifier>8E5A2F7C-7C7D-4F0E-8C0A-0123456789AB</e:Identifier>');
    await expect.poll(() => double.open()).toBe(0);
  });

  test('is given up when its client closes', async () => {
    const { client, double } = await subscribed(log());

    await client.close();

    expect(double.requests.at(-1)).toMatchObject({ action: 'Unsubscribe' });
    await expect.poll(() => double.open()).toBe(0);
  });

  test('does not hold up other questions of its client', async () => {
    const { client, double, subscription } = await subscribed(log(() => {}));
    const pulling = subscription.pull(RUNNING);
    await expect.poll(() => double.requests.length).toBe(2);

    const identity = await client.identify(call(1000));

    expect(identity).toMatchObject({ ok: true, value: { vendor: 'Microsoft Corporation' } });
    await subscription.unsubscribe();
    await pulling;
  });

  test('refused for its bookmark says so', async () => {
    const fault = wsmanFault('w:InvalidBookmark', 2150858808, 'The bookmark in the subscription is invalid.');
    const { client } = await bench.against(() => ({ body: fault }));

    const refused = await client.subscribe({ queries: QUERIES, bookmark: '<BookmarkList/>', ...call() });

    expect(refused).toMatchObject({ error: { reason: 'bookmark', fault: { subcode: 'InvalidBookmark' } } });
  });

  test('does not send what was kept as a bookmark and is none', async () => {
    const { client, double } = await bench.against(log());

    const refused = await client.subscribe({ queries: QUERIES, bookmark: '<BookmarkList/><x/>', ...call() });

    expect(refused).toMatchObject({ error: { reason: 'bookmark' } });
    expect(double.requests).toEqual([]);
  });

  test('is renewed before it expires, from the newest bookmark, the new one first', async () => {
    const { double } = await bench.against(log({ body: pullResponse(logEvent(8), 'c', bookmarkHeader(8)) }));
    const clock = manualClock();
    const connection = { url: double.url, auth: BASIC, insecure: true };
    const client = new WinrmClient(connection, { clock, random: systemRandom, shared: bench.shared });
    const subscription = await client.subscribe({ queries: QUERIES, ...call() });
    if (!subscription.ok) throw new Error(subscription.error.text);
    await subscription.value.pull(RUNNING);
    clock.advance(51 * 60_000);

    await subscription.value.pull(RUNNING);

    expect(double.requests.map(({ action }) => action)).toEqual([
      'Subscribe',
      'Pull',
      'Subscribe',
      'Unsubscribe',
      'Pull',
    ]);
    expect(double.requests[2]?.body).toContain('RecordId="8"');
    expect(double.requests[4]?.context).toBe('uuid:FIRST');
    await client.close();
  });
});

import { describe, expect, test } from 'vitest';
import {
  enumerateResponse,
  fragment,
  pullResponse,
  windowsEnvelope,
  wsmanFault,
} from '../../test/doubles/wsman-answers.ts';
import type { WsmanScript } from '../../test/doubles/wsman-double.ts';
import { call, winrmBench } from '../../test/support/winrm.ts';
import { millis } from '../kernel/time.ts';

const bench = winrmBench();
const WQL = 'SELECT Name FROM Win32_Service WHERE Name=\'a<b & "c"\'';

/** Answers the n-th request of an action with the n-th page, the last one for ever. */
function pages(first: string, ...further: readonly string[]): WsmanScript {
  let pulls = 0;
  return ({ action }) => {
    if (action === 'Enumerate') return { body: first };
    if (action === 'Release') return { body: windowsEnvelope('', { action: 'ReleaseResponse' }) };
    pulls += 1;
    return { body: further[Math.min(pulls, further.length) - 1] ?? '' };
  };
}

function named(...names: readonly string[]): string {
  return names.map((name) => fragment(`<Name>${name}</Name>`)).join('');
}

describe('an enumeration', () => {
  test('whose first page has one item goes on, each time with the newest context', async () => {
    const { client, double } = await bench.against(
      pages(enumerateResponse(named('a'), 'uuid:1'), pullResponse(named('b', 'c'), 'uuid:2'), pullResponse(named('d'))),
    );

    const found = await client.enumerate({ wql: WQL, ...call() });

    expect(found).toEqual({ ok: true, value: [{ Name: 'a' }, { Name: 'b' }, { Name: 'c' }, { Name: 'd' }] });
    expect(double.requests.map(({ action, context }) => [action, context])).toEqual([
      ['Enumerate', ''],
      ['Pull', 'uuid:1'],
      ['Pull', 'uuid:2'],
    ]);
    expect(new Set(double.requests.map(({ connection }) => connection)).size).toBe(1);
  });

  test('ends with the first page when that has the end mark', async () => {
    const { client, double } = await bench.against(pages(enumerateResponse(named('a', 'b'))));

    expect(await client.enumerate({ wql: WQL, ...call() })).toEqual({
      ok: true,
      value: [{ Name: 'a' }, { Name: 'b' }],
    });
    expect(double.requests).toHaveLength(1);
  });

  test('without any instance is none, and no failure', async () => {
    const { client } = await bench.against(pages(enumerateResponse('')));

    expect(await client.enumerate({ wql: WQL, ...call() })).toEqual({ ok: true, value: [] });
  });

  test('ends at the end mark though a context is beside it, in any order, with any prefix, in either namespace', async () => {
    const body =
      '<x:Envelope xmlns:x="http://www.w3.org/2003/05/soap-envelope"><x:Body>' +
      '<wsen:EnumerateResponse xmlns:wsen="http://schemas.xmlsoap.org/ws/2004/09/enumeration">' +
      '<wsen:EndOfSequence/><wsen:Items><q:C xmlns:q="urn:q"><q:Name>a</q:Name></q:C></wsen:Items>' +
      '<wsen:EnumerationContext>left-over</wsen:EnumerationContext></wsen:EnumerateResponse></x:Body><x:Header/></x:Envelope>';
    const { client, double } = await bench.against(pages(body));

    expect(await client.enumerate({ wql: WQL, ...call() })).toEqual({ ok: true, value: [{ Name: 'a' }] });
    expect(double.requests).toHaveLength(1);
  });

  test('without items in its first answer is pulled from the start, items of Pull in w:', async () => {
    const { client } = await bench.against(
      pages(
        windowsEnvelope('<n:EnumerateResponse><n:EnumerationContext>c</n:EnumerationContext></n:EnumerateResponse>'),
        windowsEnvelope(`<n:PullResponse><w:Items>${named('a')}</w:Items><w:EndOfSequence/></n:PullResponse>`),
      ),
    );

    expect(await client.enumerate({ wql: WQL, ...call() })).toEqual({ ok: true, value: [{ Name: 'a' }] });
  });

  test('that fails on the way fails as a whole and is released', async () => {
    const fault = wsmanFault('w:InternalError', 1722, 'The RPC server is unavailable.');
    const { client, double } = await bench.against(pages(enumerateResponse(named('a'), 'uuid:1'), fault));

    const found = await client.enumerate({ wql: WQL, ...call() });

    expect(found).toMatchObject({ ok: false, error: { reason: 'fault', fault: { code: 1722 } } });
    await client.close();
    expect(double.requests.at(-1)).toMatchObject({ action: 'Release', context: 'uuid:1' });
  });

  test('that the host has forgotten is not released', async () => {
    const fault = wsmanFault('n:InvalidEnumerationContext', 2150858779, 'forgotten');
    const { client, double } = await bench.against(pages(enumerateResponse(named('a'), 'uuid:1'), fault));

    expect(await client.enumerate({ wql: WQL, ...call() })).toMatchObject({ error: { reason: 'gone' } });
    await client.close();
    expect(double.requests.map(({ action }) => action)).toEqual(['Enumerate', 'Pull']);
  });

  test('with more instances than wanted is too large, and is released', async () => {
    const { client, double } = await bench.against(
      pages(enumerateResponse(named('a'), 'uuid:1'), pullResponse(named('b', 'c'), 'uuid:2')),
    );

    expect(await client.enumerate({ wql: WQL, maxItems: 2, ...call() })).toMatchObject({
      error: { reason: 'too_large' },
    });
    await client.close();
    expect(double.requests.at(-1)).toMatchObject({ action: 'Release', context: 'uuid:2' });
  });

  test('that never ends, ends', async () => {
    const { client, double } = await bench.against(pages(enumerateResponse('', 'uuid:1'), pullResponse('', 'uuid:2')));

    const found = await client.enumerate({ wql: WQL, ...call() });

    expect(found).toMatchObject({ error: { reason: 'too_large', text: expect.stringContaining('pages') } });
    expect(double.requests.length).toBeLessThan(350);
  });

  test('aborted is reported so, and is released', async () => {
    const stop = new AbortController();
    const { client, double } = await bench.against(({ action }) => {
      if (action === 'Enumerate') return { body: enumerateResponse(named('a'), 'uuid:1') };
      if (action === 'Pull') return () => stop.abort();
      return { body: windowsEnvelope('') };
    });

    const found = await client.enumerate({ wql: WQL, timeout: millis(5000), signal: stop.signal });

    expect(found).toMatchObject({ error: { reason: 'aborted' } });
    await client.close();
    expect(double.requests.at(-1)).toMatchObject({ action: 'Release' });
  });
});

describe('a question', () => {
  test('is addressed as Windows expects it, and its query is escaped', async () => {
    const { client, double } = await bench.against(pages(enumerateResponse('')));

    await client.enumerate({ wql: WQL, namespace: 'root\\StandardCimv2', ...call() });

    const [request] = double.requests;
    expect(request?.resource).toBe('http://schemas.microsoft.com/wbem/wsman/1/wmi/root/standardcimv2/*');
    expect(request?.messageId).toMatch(/^uuid:[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    expect(request?.headers['content-type']).toBe('application/soap+xml;charset=UTF-8');
    expect(request?.body).toContain('WHERE Name=&apos;a&lt;b &amp; &quot;c&quot;&apos;</w:Filter>');
    expect(request?.body).toContain('<w:OptimizeEnumeration/><w:MaxElements>32000</w:MaxElements>');
    expect(request?.body).toContain('<w:OperationTimeout>PT55.000S</w:OperationTimeout>');
    expect(request?.body).not.toMatch(/Locale[^>]*mustUnderstand="true"/);
  });

  test('takes an answer that relates to it in other case, and one that relates to nobody', async () => {
    const ids: string[] = [];
    const { client } = await bench.against(({ messageId }) => {
      ids.push(messageId);
      const header =
        ids.length === 1
          ? `<a:RelatesTo>${messageId.toLowerCase()}</a:RelatesTo>`
          : '<a:RelatesTo>uuid:0</a:RelatesTo>';
      return { body: pullResponse('', '', header).replaceAll('PullResponse', 'EnumerateResponse') };
    });

    expect(await client.enumerate({ wql: WQL, ...call() })).toMatchObject({ ok: true });
    expect(await client.enumerate({ wql: WQL, ...call() })).toMatchObject({ ok: true });
  });

  test('does not take the answer to an earlier one', async () => {
    const ids: string[] = [];
    const { client } = await bench.against(({ messageId }) => {
      ids.push(messageId);
      const header = `<a:RelatesTo>${ids[0]}</a:RelatesTo>`;
      return { body: pullResponse('', '', header).replaceAll('PullResponse', 'EnumerateResponse') };
    });

    expect(await client.enumerate({ wql: WQL, ...call() })).toMatchObject({ ok: true });
    expect(await client.enumerate({ wql: WQL, ...call() })).toMatchObject({ error: { reason: 'malformed' } });
  });
});

import { describe, expect, test } from 'vitest';
import {
  answers,
  answersAndCloses,
  answersAndResets,
  drips,
  type Script,
  startDouble,
} from '../../test/doubles/tcp-double.ts';
import {
  enumerateResponse,
  fragment,
  IDENTITY,
  pullResponse,
  SUBSCRIBED,
  wsmanFault,
} from '../../test/doubles/wsman-answers.ts';
import { FOREVER } from '../../test/support/patient.ts';
import { BASIC, call, PASSWORD, winrmBench } from '../../test/support/winrm.ts';
import { err } from '../kernel/result.ts';
import { millis } from '../kernel/time.ts';
import { connectionFailure } from './network-failure.ts';
import type { WinrmAuth, WinrmFailure } from './types.ts';
import { negotiateToken, offeredSchemes, unauthorizedText } from './unauthorized.ts';

const bench = winrmBench();
const WHOLE = `HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\nContent-Length: ${IDENTITY.length}\r\n\r\n${IDENTITY}`;

/** What `identify` says of a peer that plays this script. */
async function said(script: Script, insecure = true, timeout = 500): Promise<{ failure: WinrmFailure | undefined }> {
  const double = await startDouble(script);
  const client = bench.client({ url: `http://127.0.0.1:${double.port}/wsman`, auth: BASIC, insecure });
  const answer = await client.identify(call(timeout));
  await client.close();
  await double.close();
  return { failure: answer.ok ? undefined : answer.error };
}

describe('a peer that', () => {
  test.each<[string, Script, WinrmFailure['reason'], RegExp]>([
    ['says nothing', () => {}, 'timeout', /no complete answer within 0\.5 s/],
    ['says it too slowly', drips(Buffer.from(WHOLE), 5), 'timeout', /no complete answer/],
    ['stops in the midst of its header', answers(Buffer.from(WHOLE.slice(0, 30))), 'timeout', /no complete answer/],
    ['stops in the midst of its body', answers(Buffer.from(WHOLE.slice(0, -30))), 'timeout', /no complete answer/],
    ['closes at once', (socket) => socket.end(), 'network', /closed|reset/],
    [
      'closes in the midst of its body',
      answersAndCloses(Buffer.from(WHOLE.slice(0, -30))),
      'network',
      /closed the connection before/,
    ],
    ['resets in the midst of its body', answersAndResets(Buffer.from(WHOLE.slice(0, -30))), 'network', /reset/],
    ['speaks something else', answers(Buffer.from('SSH-2.0-OpenSSH_9.2p1\r\n')), 'malformed', /not HTTP/],
    [
      'has a header without end',
      answers(Buffer.from(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`)),
      'too_large',
      /header/,
    ],
    ['has a body without end', endless('<a>'), 'too_large', /larger than/],
    [
      'has a document type',
      answers(page(200, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')),
      'malformed',
      /not a valid SOAP envelope/,
    ],
    [
      'has a page for people',
      answers(page(200, '<html><body>Hello<br></body></html>', 'text/html')),
      'malformed',
      /text\/html/,
    ],
    ['has an empty body', answers(page(200, '')), 'malformed', /not a valid SOAP/],
    ['is elsewhere', answers(page(404, '')), 'http', /404.*\/wsman/],
    [
      'redirects to another address',
      answers(Buffer.from('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n')),
      'http',
      /302/,
    ],
    ['has no room for the request', answers(page(413, '')), 'too_large', /MaxEnvelopeSizekb/],
    ['has no right for us', answers(page(403, '')), 'denied', /403/],
    [
      'requires an encrypted body',
      answers(page(200, 'x', 'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted"')),
      'http',
      /use https/,
    ],
    ['fails without a fault', answers(page(500, '')), 'http', /500/],
    [
      'answers another question',
      answers(page(200, enumerateResponse(''))),
      'malformed',
      /not the expected IdentifyResponse/,
    ],
  ])('%s', async (_, script, reason, text) => {
    const { failure } = await said(script, true, reason === 'timeout' ? 500 : FOREVER);

    expect(failure).toMatchObject({ reason, text: expect.stringMatching(text) });
    expect(failure?.text).toMatch(/^127\.0\.0\.1:\d+: /);
  });

  test('is asked over plain HTTP is not asked, unless that is wanted', async () => {
    const { failure } = await said(answers(Buffer.from(WHOLE)), false);

    expect(failure).toMatchObject({ reason: 'credentials', text: expect.stringContaining('plain HTTP') });
    expect((await said(answers(Buffer.from(WHOLE)))).failure).toBeUndefined();
  });

  test('does not listen', async () => {
    const client = bench.client({ url: 'http://127.0.0.1:9/wsman', auth: BASIC, insecure: true });

    expect(await client.identify(call())).toMatchObject({
      error: { reason: 'network', text: expect.stringContaining('nothing is listening') },
    });
  });

  test('has no name', async () => {
    const client = bench.client({ url: 'https://no-such-host.invalid:5986/wsman', auth: BASIC, insecure: false });

    expect(await client.identify(call())).toMatchObject({
      error: { reason: 'network', text: expect.stringMatching(/name does not resolve/) },
    });
  });

  test('speaks no TLS', async () => {
    const double = await startDouble(answers(Buffer.from(WHOLE)));
    const client = bench.client({ url: `https://127.0.0.1:${double.port}/wsman`, auth: BASIC, insecure: false });

    expect(await client.identify(call())).toMatchObject({
      error: { reason: 'tls', text: expect.stringContaining('does not speak TLS') },
    });
    await double.close();
  });

  test('answers too late does not disturb the next question', async () => {
    let asked = 0;
    const { client } = await bench.against(({ messageId }) => {
      asked += 1;
      const body = enumerateResponse(fragment(`<Name>${messageId}</Name>`));
      return asked > 1 ? { body } : (response) => setTimeout(() => response.end(body), 300);
    });

    expect(await client.enumerate({ wql: 'SELECT 1', ...call(100) })).toMatchObject({ error: { reason: 'timeout' } });
    const second = await client.enumerate({ wql: 'SELECT 1', ...call() });

    expect(second).toMatchObject({ ok: true, value: [{ Name: expect.stringMatching(/^uuid:/) }] });
  });

  test('closes the connection after each answer is asked over another', async () => {
    const { client, double } = await bench.against(() => ({ headers: { connection: 'close' }, body: IDENTITY }));

    expect((await client.identify(call())).ok).toBe(true);
    expect((await client.identify(call())).ok).toBe(true);
    expect(double.requests.map(({ connection }) => connection)).toEqual([1, 2]);
  });
});

describe('a connection that was kept and is closed as the next request comes', () => {
  test('is made again for a question', async () => {
    const { client, double } = await bench.against(({ connection }) =>
      connection === 1 && double.requests.length > 1 ? (response) => response.destroy() : { body: IDENTITY },
    );

    expect((await client.identify(call())).ok).toBe(true);
    expect((await client.identify(call())).ok).toBe(true);
    expect(double.requests.map(({ connection }) => connection)).toEqual([1, 1, 2]);
  });

  test('is not made again for a page, which may have been sent', async () => {
    const { client, double } = await bench.against(({ action }) =>
      action === 'Pull' ? (response) => response.destroy() : { body: enumerateResponse('', 'c') },
    );

    expect(await client.enumerate({ wql: 'SELECT 1', ...call() })).toMatchObject({ error: { reason: 'network' } });
    expect(double.requests.filter(({ action }) => action === 'Pull')).toHaveLength(1);
  });

  test('is not made again when it was not kept, but new', async () => {
    const { client, double } = await bench.against(() => (response) => response.destroy());

    expect(await client.identify(call())).toMatchObject({ error: { reason: 'network' } });
    expect(double.requests).toHaveLength(1);
  });

  test('is not made again without end', async () => {
    const { client, double } = await bench.against(() =>
      double.requests.length > 1 ? (response) => response.destroy() : { body: IDENTITY },
    );

    expect((await client.identify(call())).ok).toBe(true);
    expect(await client.identify(call())).toMatchObject({ error: { reason: 'network' } });
    expect(double.requests).toHaveLength(3);
  });
});

test('a question that waits for another one has its own deadline all the same', async () => {
  const { client } = await bench.against(() => () => {});
  const stop = new AbortController();
  const first = client.identify({ timeout: FOREVER, signal: stop.signal });

  expect(await client.identify(call(200))).toMatchObject({ error: { reason: 'timeout' } });

  stop.abort();
  expect(await first).toMatchObject({ error: { reason: 'aborted' } });
});

test.each([
  [5, 'w:InternalError', 'denied', /RootSDDL/],
  [0x80070005, 's:Sender', 'denied', /Event Log Readers/],
  [1, 'w:AccessDenied', 'denied', /RootSDDL/],
  [2150859174, 'w:QuotaLimit', 'quota', /too many operations/],
  [2150858832, 's:Sender', 'bookmark', /read it from the start/],
  [15011, 's:Receiver', 'bookmark', /cleared/],
  [2150858805, 'w:EncodingLimit', 'too_large', /MaxEnvelopeSizekb/],
  [2150858793, 'w:TimedOut', 'timeout', /could not answer in time/],
  [2150858778, 'n:CannotProcessFilter', 'fault', /0x8033801a CannotProcessFilter: words/],
])('the fault %i %s is %s', async (code, subcode, reason, text) => {
  const { client } = await bench.against(() => ({ body: wsmanFault(subcode, code, 'words') }));

  const failed = await client.enumerate({ wql: 'SELECT 1', ...call() });

  expect(failed).toMatchObject({
    error: { reason, text: expect.stringMatching(text), fault: { code, text: 'words' } },
  });
});

describe('401', () => {
  test('names what is offered, and what to change', async () => {
    const headers = { 'www-authenticate': ['Negotiate', 'Kerberos', 'Basic realm="WSMAN", X-Odd y="<z>"'] };
    const { client } = await bench.against(() => ({ status: 401, headers }));

    const failed = await client.identify(call());

    expect(failed).toMatchObject({ error: { reason: 'unauthorized' } });
    expect(failed.ok ? '' : failed.error.text).toMatch(
      /offers Negotiate, Kerberos, Basic\): check the user name and password/,
    );
  });

  test('schemes are read from any number of lines, the unknown left out', () => {
    expect(offeredSchemes(['negotiate', 'BASIC realm="a, Kerberos b"', 'Odd'])).toEqual([
      'Negotiate',
      'Basic',
      'Kerberos',
    ]);
    expect(offeredSchemes(['http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual'])).toEqual([
      'Certificate',
    ]);
    expect(negotiateToken(['Basic realm="x"', 'Negotiate oYG2MIGz=='])).toBe('oYG2MIGz==');
    expect(negotiateToken(['Negotiate'])).toBe('');
  });

  test.each([
    ['basic', ['Negotiate'], /Service\\Auth\\Basic \$true/],
    ['kerberos', ['Basic'], /Service\\Auth\\Negotiate \$true/],
    ['kerberos', ['Kerberos'], /Negotiate is off on the host/],
    ['kerberos', ['Negotiate', 'Kerberos'], /CbtHardeningLevel is Strict.*CbtHardeningLevel Relaxed/],
    ['certificate', [], /offers no login method.*Service\\Auth\\Certificate \$true/],
  ] as const)('for %s where %j is offered', (kind, schemes, text) => {
    expect(unauthorizedText(kind, schemes)).toMatch(text);
  });
});

test('nothing that a host sends back shows the password', async () => {
  const echo = Buffer.from(`mon:${PASSWORD}`).toString('base64');
  const words = `${'x'.repeat(490)}${PASSWORD} ${echo}`;
  const replies = [
    { body: wsmanFault('w:InternalError', 1, words) },
    { body: wsmanFault(`w:${PASSWORD}`, 1, PASSWORD) },
    { status: 401, headers: { 'www-authenticate': `Basic realm="${PASSWORD}", ${PASSWORD}` } },
    { status: 404, headers: { 'content-type': `text/${PASSWORD}` } },
    { status: 200, headers: { 'content-type': `text/${echo}` }, body: PASSWORD },
    { body: SUBSCRIBED.replace('SubscribeResponse', PASSWORD) },
  ];
  for (const reply of replies) {
    const { client } = await bench.against(() => reply);
    for (const failed of [await client.identify(call()), await client.enumerate({ wql: 'SELECT 1', ...call() })]) {
      expect(failed.ok).toBe(false);
      const shown = JSON.stringify(failed);
      for (let length = 6; length <= PASSWORD.length; length += 1)
        expect(shown).not.toContain(PASSWORD.slice(0, length));
      expect(shown).not.toContain(echo.slice(0, 12));
    }
  }
});

test('a password that cannot be read is reported as its source says', async () => {
  const password = {
    read: async () => err('cannot read the secret in mon.password: there is no such file; check the path'),
  };
  const auth = { kind: 'basic', username: 'mon', password } as const;
  const client = bench.client({ url: 'http://127.0.0.1:9/wsman', auth, insecure: true });

  expect(await client.identify(call())).toMatchObject({
    error: { reason: 'credentials', text: expect.stringContaining('cannot read the secret in mon.password') },
  });
});

test('a user name that Basic cannot hold is reported', async () => {
  const client = bench.client({
    url: 'http://127.0.0.1:9/wsman',
    auth: { ...BASIC, username: 'a:b' } as WinrmAuth,
    insecure: true,
  });

  expect(await client.identify(call())).toMatchObject({
    error: { reason: 'credentials', text: expect.stringContaining('colon') },
  });
});

test('an error that is no network error is reported without its own words', () => {
  expect(connectionFailure(new Error(PASSWORD))).toEqual({ reason: 'network', text: 'the connection failed' });
  expect(
    connectionFailure(new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })])),
  ).toMatchObject({
    text: expect.stringContaining('is there a WinRM listener'),
  });
});

test('a hundred rounds leave no connection behind', async () => {
  let asked = 0;
  const { client, double } = await bench.against(({ action }) => {
    asked += 1;
    if (action === 'Subscribe') return { body: SUBSCRIBED };
    if (action === 'Pull') return asked % 3 === 0 ? () => {} : { body: pullResponse('', 'c') };
    return asked % 4 === 0 ? (response) => response.destroy() : { body: enumerateResponse('') };
  });
  for (let round = 0; round < 100; round += 1) {
    await client.enumerate({ wql: 'SELECT 1', ...call() });
    const subscription = await client.subscribe({
      queries: [{ channel: 'A', xpath: '*' }],
      pullTimeout: millis(100),
      ...call(),
    });
    if (!subscription.ok) continue;
    const stop = AbortSignal.timeout(20);
    await subscription.value.pull(stop);
    await subscription.value.unsubscribe();
  }

  await expect.poll(() => double.open()).toBeLessThanOrEqual(1);
  await client.close();
  await expect.poll(() => double.open()).toBe(0);
  await expect.poll(() => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap')).toEqual([]);
});

function page(status: number, body: string, type = 'application/soap+xml'): Buffer {
  return Buffer.from(
    `HTTP/1.1 ${status} X\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function endless(start: string): Script {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  return (socket) => {
    const more = (): void => {
      while (!socket.destroyed && socket.write(chunk)) {
        // As much as it takes.
      }
    };
    socket.on('drain', more);
    socket.once('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n${start}`);
      more();
    });
  };
}

import { describe, expect, it, test } from 'vitest';
import { answer, estate, failure, probe } from '../../test/support/estate.ts';
import { judge } from '../conditions/catalogue.ts';
import { silentLogger } from '../kernel/logger.ts';
import { err, ok } from '../kernel/result.ts';
import { createApp } from './app.ts';
import { html } from './html.ts';
import type { WebSource } from './web-source.ts';

function app(changes: Partial<WebSource> = {}) {
  const watched = estate({ domains: [{ name: 'corp.example', expectedHosts: ['kms01.corp.example'] }] });
  watched.takeLookup(answer(0, ['kms01.corp.example', 'rogue.corp.example:1689']));
  watched.takeProbe(probe(0, 'kms01.corp.example'));
  watched.takeProbe(probe(0, 'rogue.corp.example', 'refused', 1689));
  return createApp(
    {
      version: '1.2.3',
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: 'kms_hosts 1\n' }),
      estate: () => watched.view(0),
      verdicts: () => judge(watched.view(0)),
      ready: () => true,
      configuration: () => 'hosts: []\n',
      reload: async () => ok(undefined),
      ...changes,
    },
    silentLogger,
  );
}

describe('what Prometheus reads', () => {
  it('are metrics with the type of the text format', async () => {
    const response = await app().inject('/metrics');
    expect([response.statusCode, response.body]).toEqual([200, 'kms_hosts 1\n']);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('is 500 when there is no page at all, so that `up` is 0', async () => {
    const broken = app({ metrics: () => Promise.reject(new Error('secret detail')) });
    const response = await broken.inject('/metrics');
    expect([response.statusCode, response.body]).toEqual([500, 'Internal error: see the log.\n']);
  });

  it('are the hosts found, as targets', async () => {
    const response = await app().inject('/sd/hosts');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(response.json()).toEqual([
      {
        targets: ['kms01.corp.example:1688'],
        labels: {
          __meta_kms_host: 'kms01.corp.example',
          __meta_kms_port: '1688',
          __meta_kms_domains: ',corp.example,',
          __meta_kms_published: 'true',
          __meta_kms_expected: 'true',
        },
      },
      {
        targets: ['rogue.corp.example:1689'],
        labels: {
          __meta_kms_host: 'rogue.corp.example',
          __meta_kms_port: '1689',
          __meta_kms_domains: ',corp.example,',
          __meta_kms_published: 'true',
          __meta_kms_expected: 'false',
        },
      },
    ]);
  });
});

it('gives no targets before the first round has ended, so that Prometheus keeps those it has', async () => {
  expect((await app({ ready: () => false }).inject('/sd/hosts')).statusCode).toBe(503);
});

describe('operations', () => {
  test.each([
    ['GET', '/-/healthy', 200, 'kmswatch is healthy.\n'],
    ['GET', '/-/ready', 200, 'kmswatch is ready.\n'],
    ['POST', '/-/reload', 200, 'The configuration was read again.\n'],
    ['PUT', '/-/reload', 200, 'The configuration was read again.\n'],
    ['GET', '/-/reload', 405, 'Use POST.\n'],
    ['GET', '/%ff', 400, "'/%ff' is not a valid url component\n"],
    ['GET', '/config', 200, 'hosts: []\n'],
    ['GET', '/nothing', 404, 'Not found.\n'],
  ] as const)('%s %s is %i', async (method, url, status, body) => {
    const response = await app().inject({ method, url });
    expect([response.statusCode, response.body]).toEqual([status, body]);
    expect(response.headers['x-content-type-options']).toBe('nosniff');
  });

  it.each(['application/json', 'application/x-www-form-urlencoded', 'text/yaml'])(
    'a reload takes a body of type %s, and drops it',
    async (type) => {
      const response = await app().inject({
        method: 'POST',
        url: '/-/reload',
        headers: { 'content-type': type },
        payload: '{',
      });
      expect(response.statusCode).toBe(200);
    },
  );

  it('are not ready before the first rounds have ended', async () => {
    expect((await app({ ready: () => false }).inject('/-/ready')).statusCode).toBe(503);
  });

  it('say why a configuration is not taken', async () => {
    const response = await app({ reload: async () => err('kmswatch.yml:1:1: bad') }).inject({
      method: 'POST',
      url: '/-/reload',
    });
    expect([response.statusCode, response.body]).toEqual([
      500,
      'The old configuration stays:\nkmswatch.yml:1:1: bad\n',
    ]);
  });
});

describe('the landing page', () => {
  it('shows what is wrong, the hosts and DNS, and loads nothing', async () => {
    const response = await app().inject('/');
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(response.body).toContain('KmsSrvRecordUnexpected');
    expect(response.body).toContain('<td>rogue.corp.example:1689</td><td class="down">refused</td>');
    expect(response.body).toContain('2 SRV records');
    expect(response.body).not.toMatch(/<script|https?:/);
  });

  it('escapes what comes from outside', async () => {
    const watched = estate();
    const hostile = failure(0, 'other');
    watched.takeLookup({ ...hostile, result: err({ reason: 'other', detail: `<img src=x onerror="alert(1)">'&` }) });
    const page = await app({ estate: () => watched.view(0), verdicts: () => [] }).inject('/');
    expect(page.body).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;');
    expect(page.body).not.toContain('<img');
  });
});

test('html escapes every part that is not HTML itself', () => {
  const inner = html`<b>${'<'}</b>`;
  expect(html`<p title="${'"'}">${inner}${[inner, inner]}${1}</p>`.text).toBe(
    '<p title="&quot;"><b>&lt;</b><b>&lt;</b><b>&lt;</b>1</p>',
  );
});

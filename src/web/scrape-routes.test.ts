import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { app, metrics } from '../../test/support/web-app.ts';

describe('what Prometheus reads', () => {
  it('are metrics with the type of the text format', async () => {
    const response = await app().inject('/metrics');
    expect([response.statusCode, response.body]).toEqual([200, 'kms_hosts 1\n']);
    expect(response.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it.each(['gzip', 'deflate, gzip;q=0.5', 'br,GZIP'])('are compressed for Accept-Encoding: %s', async (encoding) => {
    const response = await app().inject({ url: '/metrics', headers: { 'accept-encoding': encoding } });
    expect(response.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept, Accept-Encoding' });
    expect(gunzipSync(response.rawPayload).toString()).toBe('kms_hosts 1\n');
  });

  it.each(['gzip;q=0', 'identity', 'xgzip'])('are not compressed for Accept-Encoding: %s', async (encoding) => {
    const response = await app().inject({ url: '/metrics', headers: { 'accept-encoding': encoding } });
    expect(response.headers['content-encoding']).toBeUndefined();
    expect(response.body).toBe('kms_hosts 1\n');
  });

  it('are OpenMetrics where that is asked for', async () => {
    const formats: string[] = [];
    const one = app({
      metrics: (_machines, format) => {
        formats.push(format);
        return metrics('# EOF\n');
      },
    });
    const accept = 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5';
    const { headers } = await one.inject({ url: '/metrics', headers: { accept } });
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(formats).toEqual(['openmetrics']);
  });

  it('is 500 when there is no page at all, so that `up` is 0', async () => {
    const fail = () => {
      throw new Error('secret detail');
    };
    for (const broken of [fail, () => Readable.from([0]).map(fail)]) {
      const headers = { 'accept-encoding': 'gzip' };
      const compressed = await app({ metrics: broken }).inject({ url: '/metrics', headers });
      expect([compressed.statusCode, compressed.body]).toEqual([500, 'Internal error: see the log.\n']);
      expect(compressed.headers['content-encoding']).toBeUndefined();
      const response = await app({ metrics: broken }).inject('/metrics');
      expect([response.statusCode, response.body]).toEqual([500, 'Internal error: see the log.\n']);
    }
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

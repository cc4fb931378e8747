import { expect, test } from 'vitest';
import { IDENTITY } from '../../test/doubles/wsman-answers.ts';
import { BASIC, call, winrmBench } from '../../test/support/winrm.ts';
import { err, ok } from '../kernel/result.ts';
import { lookupBy } from './lookup.ts';

const bench = winrmBench();

test('a host is found by the resolver that is given', async () => {
  const { double } = await bench.against(() => ({ body: IDENTITY }));
  const url = double.url.replace('127.0.0.1', 'kms01.corp.example.com');
  const asked: string[] = [];
  const lookup = lookupBy(async (host) => {
    asked.push(host);
    return ok({ addresses: ['::1', '127.0.0.1'] });
  });

  const answer = await bench.client({ url, auth: BASIC, insecure: true }, { lookup }).identify(call());

  expect(answer.ok).toBe(true);
  expect(asked).toEqual(['kms01.corp.example.com']);
});

test.each([
  ['none', err({ detail: 'NXDOMAIN' })],
  ['none of an address', ok({ addresses: [] })],
])('a host of which it knows %s does not resolve', async (_, resolved) => {
  const connection = { url: 'https://kms01.corp.example.com:5986/wsman', auth: BASIC, insecure: false };

  const answer = await bench.client(connection, { lookup: lookupBy(async () => resolved) }).identify(call());

  expect(answer).toMatchObject({
    error: { reason: 'network', text: expect.stringContaining('name does not resolve') },
  });
});

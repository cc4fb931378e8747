import { afterEach, beforeEach, expect, test } from 'vitest';
import { FOREVER } from '../../../test/support/patient.ts';
import { askWsman, enumerateBody, faultOf, IDENTIFY, itemsOf, postWsman } from '../../../test/support/wsman.ts';
import type { Disturbance } from './behaviour.ts';
import { FAULT_NAMES, FAULTS } from './faults.ts';
import { startWindowsHost, type WindowsHost } from './windows-host.ts';

const OS = { action: 'Enumerate', body: enumerateBody('SELECT Caption FROM Win32_OperatingSystem') };

let host: WindowsHost;

beforeEach(async () => {
  host = await startWindowsHost({ name: 'kms01.corp.example' });
});
afterEach(() => host.close());

/** The first request is disturbed, all others are not. */
function disturbOnce(disturbance: Disturbance): void {
  host.disturb = ({ number }) => (number === 1 ? disturbance : undefined);
}

test('a request can be left without an answer, and the next one has one', async () => {
  disturbOnce({ kind: 'stall' });

  await expect(postWsman(host.url, IDENTIFY, {}, AbortSignal.timeout(200))).rejects.toThrow('timeout');
  expect((await postWsman(host.url, IDENTIFY)).status).toBe(200);
});

test('a connection can be torn in the middle of an answer', async () => {
  disturbOnce({ kind: 'tear', after: 300 });

  await expect(postWsman(host.url, IDENTIFY)).rejects.toThrow();
  expect((await postWsman(host.url, IDENTIFY)).status).toBe(200);
});

test('an answer can be late', async () => {
  disturbOnce({ kind: 'late', milliseconds: FOREVER });
  await expect(postWsman(host.url, IDENTIFY, {}, AbortSignal.timeout(200))).rejects.toThrow('timeout');

  host.disturb = () => ({ kind: 'late', milliseconds: 1 });
  expect((await postWsman(host.url, IDENTIFY)).status).toBe(200);
});

test('an answer can come in drips, and is the same', async () => {
  const whole = await askWsman(host.url, OS);
  host.disturb = () => ({ kind: 'drip', octets: 100, milliseconds: 1 });

  const dripped = await askWsman(host.url, OS);

  expect(dripped.text.length).toBe(whole.text.length);
  expect(itemsOf(dripped)).toEqual(itemsOf(whole));
});

test('a drip has no more than its octets, and the next one is later', async () => {
  host.disturb = () => ({ kind: 'drip', octets: 100, milliseconds: FOREVER });
  const response = await fetch(host.url, {
    method: 'POST',
    body: IDENTIFY,
    headers: { 'content-type': 'application/soap+xml;charset=UTF-8' },
  });
  const reader = response.body?.getReader();

  expect((await reader?.read())?.value).toHaveLength(100);
  await reader?.cancel();
});

test.each(FAULT_NAMES)('an answer can be the fault "%s"', async (fault) => {
  disturbOnce({ kind: 'fault', fault });

  const answer = await askWsman(host.url, OS);

  expect(answer.status).toBe(500);
  expect(faultOf(answer)).toEqual({ subcode: FAULTS[fault].subcode.name, code: String(FAULTS[fault].code) });
});

test('an answer can be a bare status', async () => {
  disturbOnce({ kind: 'status', status: 503 });

  expect(await askWsman(host.url, OS)).toMatchObject({ status: 503, text: '' });
});

test('an answer can be larger than any client accepts', async () => {
  disturbOnce({ kind: 'oversized', octets: 3_000_000 });

  const answer = await askWsman(host.url, OS);

  expect(answer.text.length).toBeGreaterThan(3_000_000);
  expect(itemsOf(answer)).toHaveLength(1);
});

test('an answer can be anything', async () => {
  disturbOnce({ kind: 'verbatim', body: '<!DOCTYPE x><x/>' });

  expect(await askWsman(host.url, OS)).toMatchObject({ status: 200, text: '<!DOCTYPE x><x/>' });
});

test('a disturbance sees what is asked', async () => {
  const seen: unknown[] = [];
  host.disturb = (request) => void seen.push(request);
  await askWsman(host.url, OS);
  await askWsman(host.url, OS);
  await askWsman(host.url, { action: 'http://example.com/Invoke', body: '' });

  expect(seen).toMatchObject([
    { number: 1, nth: 1, action: 'Enumerate' },
    { number: 2, nth: 2, action: 'Enumerate' },
    { number: 3, nth: 1, action: 'other', actionUri: 'http://example.com/Invoke' },
  ]);
  expect([...host.requests]).toEqual([
    ['Enumerate', 2],
    ['other', 1],
  ]);
});

test('nothing is left open once it is closed', async () => {
  host.disturb = () => ({ kind: 'stall' });
  const stalled = postWsman(host.url, IDENTIFY);
  const failed = expect(stalled).rejects.toThrow();
  await expect.poll(() => host.connections()).toBe(1);

  await host.close();

  await failed;
  await expect.poll(() => host.connections()).toBe(0);
});

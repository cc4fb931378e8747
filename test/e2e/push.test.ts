import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConditionsAnswer } from '../../src/web/api/schemas.ts';
import { pushAsTheScript } from '../doubles/push-script.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';
import { type RunningAgent, seriesValue, startAgent } from '../support/agent.ts';

const CONFIG = `
discovery: {domains: []}
ingest: {max_body: 64KiB}
hosts:
  - {name: kms01.corp.example, aliases: [KMS01], report: {push: {token_file: kms01.token}}}
  - {name: kms02.corp.example, report: {push: {token: the-token-of-kms02}}}
  - {name: kms03.corp.example}
`;
const EVENTS = '/api/v1/events';
const REPORT = '/api/v1/reports/KMS01';

let agent: RunningAgent;
let token = 'the-token-of-kms01';

function sample(name: string): string {
  return readFileSync(new URL(`../data/push/${name}`, import.meta.url), 'utf8');
}

/** The samples moved to now: records that are older than the history are not accepted. */
function recordsOfNow(): string {
  const lines = sample('events.ndjson').trimEnd().split('\n');
  const now = Date.now();
  return lines
    .map((line, index) => line.replace(/"time":"[^"]*"/, `"time":"${new Date(now - index * 60_000).toISOString()}"`))
    .join('\n');
}

function reportOfNow(): string {
  return sample('report.json.txt').replace(/"time":"[^"]*"/, `"time":"${new Date().toISOString()}"`);
}

function push(path: string, body: string, as = token) {
  return pushAsTheScript({ url: agent.url, path, type: 'application/json', token: as, body });
}

beforeAll(async () => {
  const folder = await temporaryFolder();
  await folder.write('kms01.token', `${token}\r\n`);
  agent = await startAgent({ config: CONFIG, folder });
});
afterAll(() => agent?.stop());

describe('what kmswatch-push.ps1 sends, taken by the agent', () => {
  it('are records, once', async () => {
    const body = recordsOfNow();
    expect((await push(EVENTS, body)).text).toContain(
      '"accepted":4,"duplicate":0,"ignored":0,"rejected":[],"rejected_count":0',
    );
    expect((await push(EVENTS, body)).text).toContain('"accepted":0,"duplicate":4,');
    const page = await agent.metrics();
    expect(
      seriesValue(page, 'kms_activation_requests_total{host="kms01.corp.example",class="client",result="ok"}'),
    ).toBe(1);
    expect(seriesValue(page, 'kms_host_activations_up{host="kms01.corp.example"}')).toBe(1);
    expect(
      seriesValue(
        page,
        'kms_host_dns_publish_timestamp_seconds{host="kms01.corp.example",domain="corp.example",result="success"}',
      ),
    ).toBeGreaterThan(Date.now() / 1000 - 600);
  });

  it('is a report, under any name of the host', async () => {
    expect(await push(REPORT, reportOfNow())).toMatchObject({ status: 204 });
    const page = await agent.metrics();
    expect(page).toMatch(/^kms_host_clients\{host="kms01\.corp\.example",pool="windows",.*\} 50$/m);
    // Office says -1: no value.
    expect(page).not.toMatch(/^kms_host_clients\{.*pool="office"/m);
    expect(page).toMatch(/^kms_host_requests_total\{host="kms01\.corp\.example",.*\} 4821$/m);
    expect(seriesValue(page, 'kms_host_listening_port{host="kms01.corp.example"}')).toBe(1688);
    expect(seriesValue(page, 'kms_host_report_up{host="kms01.corp.example"}')).toBe(1);
  });

  it('keeps a quiet host from being taken for a silent one: its log is read, and has nothing', async () => {
    const up = 'kms_host_activations_up{host="kms02.corp.example"}';
    const own = (body: string) => push('/api/v1/reports/kms02.corp.example', body, 'the-token-of-kms02');
    expect(await own(reportOfNow())).toMatchObject({ status: 204 });
    expect(seriesValue(await agent.metrics(), up)).toBeUndefined();
    const logs = [{ channel: 'Key Management Service', record_id: 0 }];
    expect(await own(JSON.stringify({ ...JSON.parse(reportOfNow()), logs }))).toMatchObject({ status: 204 });
    expect(seriesValue(await agent.metrics(), up)).toBe(1);
    // Pages of machines go by what is stored.
    const page = async () => await (await fetch(`${agent.url}/clients/nobody`)).text();
    await expect.poll(page).toMatch(/kms02\.corp\.example<\/th><td data-label="Log">is read/);
  });

  it('is nothing of another host', async () => {
    const other = 'the-token-of-kms02';
    const records = await push(EVENTS, recordsOfNow(), other);
    expect([records.status, records.reason]).toEqual([
      400,
      expect.stringContaining('a host can only send its own records'),
    ]);
    expect((await push(REPORT, reportOfNow(), other)).status).toBe(403);
    expect((await push('/api/v1/reports/kms03.corp.example', reportOfNow(), other)).status).toBe(404);
    expect((await push(REPORT, reportOfNow(), 'nobody')).status).toBe(401);
    expect((await push(EVENTS, recordsOfNow(), 'nobody')).status).toBe(401);
  });

  it('is refused in a way that the check of the script tells from a wrong token', async () => {
    expect((await push(EVENTS, '')).status).toBe(400);
    expect(await push(REPORT, '')).toMatchObject({ status: 400, reason: 'the report is empty' });
  });

  it('is refused if it is too large', async () => {
    const large = `${recordsOfNow()}\n`.repeat(200);
    expect((await push(EVENTS, large)).status).toBe(413);
  });

  it('goes by a token that was changed while the agent runs', async () => {
    await agent.folder.write('kms01.token', 'another-token');
    expect((await push(REPORT, reportOfNow())).status).toBe(401);
    token = 'another-token';
    expect((await push(REPORT, reportOfNow())).status).toBe(204);
  });

  it('leaves no token in the log', () => {
    expect(agent.daemon.output()).not.toMatch(/the-token-of|another-token/);
  });
});

it('a key that is not activated stays so over a restart, until its host sends the next report', async () => {
  const open = async () => {
    const answer = await fetch(`${agent.url}/api/v1/conditions`);
    const { conditions } = ConditionsAnswer.parse(await answer.json());
    return conditions
      .filter(({ name }) => name === 'KmsHostNotActivated')
      .map(({ subject, since }) => ({ subject, since }));
  };
  const unlicensed = () => reportOfNow().replaceAll(/"LicenseStatus":\s*1/g, '"LicenseStatus":5');
  expect(await push(REPORT, unlicensed())).toMatchObject({ status: 204 });
  // It is judged every 15 seconds, when no round ends.
  await expect.poll(async () => (await open()).length, { interval: 250 }).toBeGreaterThan(0);
  const before = await open();
  await agent.daemon.stop();
  agent = await startAgent({ config: CONFIG, folder: agent.folder });
  // The first evaluation follows at once.
  await wait(500);
  expect(await open()).toEqual(before);
  await push(REPORT, unlicensed());
  expect(await open()).toEqual(before);
});

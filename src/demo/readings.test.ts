import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { manualClock } from '../../test/support/manual-clock.ts';
import {
  contextOf,
  EARLIEST,
  EVENT_LOG,
  postWsman,
  pullBody,
  subscribeBody,
  wsmanEnvelope,
} from '../../test/support/wsman.ts';
import { DAY_S } from '../kernel/time.ts';
import { demoPlan } from './fleet/demo-plan.ts';
import { createFleet, type Fleet } from './fleet/fleet.ts';
import type { LogRecord } from './fleet/log-record.ts';
import { type Readings, startReadings } from './readings.ts';
import { portOf } from './windows/listener.ts';

const run = promisify(execFile);

const START = Date.UTC(2026, 0, 5) / 1000;
const TODAY = 170;
const NOW = (START + TODAY * DAY_S) * 1000;

const Hosts = z.object({
  hosts: z.tuple([
    z.object({
      name: z.literal('kms01.corp.example'),
      activations: z.object({ winrm: z.object({ url: z.string(), username: z.string(), password: z.string() }) }),
    }),
    z.object({ name: z.literal('kms01.servers.example'), report: z.object({ command: z.array(z.string()) }) }),
    z.object({ name: z.literal('kms01.branch.example'), report: z.object({ push: z.object({ token: z.string() }) }) }),
  ]),
});

let fleet: Fleet;
let readings: Readings;

beforeEach(async () => {
  const plan = demoPlan({ size: 20, today: TODAY, holiday: { from: '08-01', to: '08-21' } });
  fleet = createFleet({ seed: 'readings', start: START, plan });
  readings = await startReadings(fleet, manualClock(NOW));
});
afterEach(() => readings.close());

function hosts(): z.infer<typeof Hosts>['hosts'] {
  return Hosts.parse(parse(readings.config)).hosts;
}

test('the newest month of one log is read and not sent', async () => {
  const all = [...fleet.records(START, NOW / 1000)];
  const left = all.filter((record) => !readings.append(record));
  const taken = all.filter((record) => !left.includes(record));
  const [{ activations }] = hosts();
  const { url, username, password } = activations.winrm;
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
  const queries = { 'Key Management Service': '*', Application: '*' };

  const body = subscribeBody({ queries, bookmark: EARLIEST });
  const subscribed = await postWsman(url, wsmanEnvelope({ action: 'Subscribe', resource: EVENT_LOG, body }), headers);
  const pull = wsmanEnvelope({ action: 'Pull', resource: EVENT_LOG, body: pullBody(contextOf(subscribed)) });
  const pulled = await postWsman(url, pull, headers);

  expect(new Set(taken.map(({ host }) => host))).toEqual(new Set(['kms01.corp.example']));
  expect(Date.parse(taken[0]?.time ?? '')).toBeGreaterThanOrEqual(NOW - 30 * DAY_S * 1000);
  expect(pulled.text).toContain(idOf(taken[0]));
});

test('a command prints the report of its host', async () => {
  const [, { name, report }] = hosts();
  const [program = '', ...args] = report.command;

  const { stdout } = await run(program, args);

  expect(JSON.parse(stdout)).toEqual(fleet.reportOf(name, NOW / 1000));
});

test('a host sends its report with its token, until it is stopped', async () => {
  const ending = new AbortController();
  const seen: unknown[] = [];
  const agent = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += String(piece);
    seen.push([request.method, request.url, request.headers.authorization, JSON.parse(body)]);
    response.writeHead(seen.length === 1 ? 401 : 204).end();
  });
  agent.listen(0, '127.0.0.1');
  await once(agent, 'listening');
  const refused: number[] = [];
  const [, , { name, report }] = hosts();

  const pushing = readings.push(`http://127.0.0.1:${portOf(agent.address())}`, ending.signal, (status) =>
    refused.push(status),
  );
  await expect.poll(() => refused).toEqual([401]);
  ending.abort();
  await pushing;
  agent.close();

  expect(seen).toEqual([
    ['POST', `/api/v1/reports/${name}`, `Bearer ${report.push.token}`, fleet.reportOf(name, NOW / 1000)],
  ]);
});

function idOf(record: LogRecord | undefined): string {
  return `<EventRecordID>${record?.record_id}</EventRecordID>`;
}

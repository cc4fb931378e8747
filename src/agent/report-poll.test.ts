import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PATIENT } from '../../test/support/patient.ts';
import { slowness } from '../../test/support/slowness.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { startWindowsHost, type WindowsHost } from '../demo/windows/windows-host.ts';
import { systemClock } from '../kernel/clock.ts';
import { formatDuration } from '../kernel/duration.ts';
import { systemRandom } from '../kernel/random.ts';
import { ok } from '../kernel/result.ts';
import { millis, SECOND_MS } from '../kernel/time.ts';
import type { HostReport } from '../reports/types.ts';
import { ReportPoll } from './report-poll.ts';
import { WinrmAccess } from './winrm-access.ts';

const FIRST = { first: true, signal: new AbortController().signal };

const SERVICE = { Version: '10.0.20348.1', KeyManagementServiceListeningPort: 0, VLActivationInterval: 120 };
const KEY = {
  ID: '70512334-47b4-44db-a233-be5ea33b914c',
  ApplicationID: '0ff1ce15-a989-479d-af46-f275c6370663',
  Description: 'Office 19, VOLUME_KMS channel',
  PartialProductKey: 'ABCDE',
  LicenseStatus: 1,
  IsKeyManagementServiceMachine: 1,
  KeyManagementServiceCurrentCount: 7,
};
const ECHO = JSON.stringify({ time: '2026-05-04T10:11:12Z', service: SERVICE, products: [KEY], os: 'x' });

let folder = '';
let hosts: WindowsHost[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-reports-'));
  hosts = [];
});
afterEach(async () => {
  await Promise.all(hosts.map((host) => host.close()));
  await rm(folder, { recursive: true });
});

async function windows(keyless = 0): Promise<WindowsHost> {
  const report = () => ({ service: SERVICE, products: [KEY], os: 'Microsoft Windows Server 2022 Standard' });
  const host = await startWindowsHost({ name: `kms${hosts.length}`, report, keyless });
  hosts.push(host);
  return host;
}

function configOf(reports: readonly object[], timeout = '20s'): Config {
  const loaded = loadConfig(
    JSON.stringify({
      hosts: reports.map((report, index) => ({ name: `kms${index}`, report })),
      reports: { timeout, stale_after: '10m' },
    }),
    folder,
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

function winrm(url: string, password: object = { password: 'hunter22' }): object {
  return { winrm: { url, insecure: true, auth: 'basic', username: 'mon', ...password } };
}

class Told {
  readonly reports = new Map<string, HostReport>();
  readonly failures = new Map<string, string>();
  /** What came of each host, in the order in which it came. */
  readonly order: ('report' | 'failure')[] = [];
  readonly poll: ReportPoll;

  constructor(config: Config) {
    this.poll = new ReportPoll({
      config,
      winrm: new WinrmAccess({ clock: systemClock, random: systemRandom }),
      onReport: async (host, report) => {
        this.reports.set(host, report);
        this.order.push('report');
        return ok(undefined);
      },
      onFailure: (host, text) => {
        this.failures.set(host, text);
        this.order.push('failure');
      },
      spread: 0,
      clock: systemClock,
      eventClock: systemClock,
      random: systemRandom,
    });
  }
}

it('asks by commands and over WinRM, and gets the same report', async () => {
  const { url } = await windows(20);
  const told = new Told(configOf([{ command: ['echo', ECHO] }, winrm(url), { push: { token: 'x' } }]));
  const began = Date.now();
  expect(await told.poll.askAll(FIRST)).toEqual({ ran: true, skipped: 0 });
  expect(told.failures).toEqual(new Map());
  const [command, winrmReport] = [told.reports.get('kms0'), told.reports.get('kms1')];
  expect(command?.keys).toMatchObject([{ product: 'Office 2019 KMS host key', pool: 'office', clients: 7 }]);
  expect(winrmReport).toEqual({ ...command, time: winrmReport?.time, os: 'Microsoft Windows Server 2022 Standard' });
  expect(winrmReport?.time).toBeGreaterThanOrEqual(began);
  expect(winrmReport?.time).toBeLessThanOrEqual(Date.now());
  await vi.waitFor(() => expect(hosts[0]?.connections()).toBe(0), PATIENT);
  expect(told.reports.size).toBe(2);
});

it('waits for each host no longer than its deadline, and lets none wait for another', async () => {
  const silent = await windows();
  silent.disturb = () => ({ kind: 'stall' });
  const good = await windows();
  const reports = [
    ...Array.from({ length: 70 }, () => winrm(silent.url)),
    ...Array.from({ length: 10 }, () => winrm(good.url)),
    { command: ['sleep', '300'] },
    { command: ['echo', ECHO] },
  ];
  // Those that answer have to be done by then, on a busy machine too.
  const deadline = formatDuration(millis(Math.ceil(8 * slowness()) * SECOND_MS));
  const told = new Told(configOf(reports, deadline));
  await told.poll.askAll(FIRST);
  expect(told.order).toEqual([...Array(11).fill('report'), ...Array(71).fill('failure')]);
  expect(told.failures.get('kms80')).toBe(`the command sleep did not finish within ${deadline}`);
});

it('leaves a host out that an earlier round is not done with', async () => {
  const told = new Told(configOf([{ command: ['sleep', '300'] }], '2s'));
  const first = told.poll.askAll(FIRST);
  expect(await told.poll.askAll({ ...FIRST, first: false })).toEqual({ ran: false, skipped: 1 });
  await first;
});

it('ends at once if it is stopped', async () => {
  const silent = await windows();
  silent.disturb = () => ({ kind: 'stall' });
  const abort = new AbortController();
  // Without the signal the round would take longer than the test may.
  const told = new Told(configOf([{ command: ['sleep', '600'] }, winrm(silent.url)], '9m'));
  const round = told.poll.askAll({ first: true, signal: abort.signal });
  setTimeout(() => abort.abort(), 300);
  await round;
  expect([told.failures.size, told.reports.size]).toEqual([0, 0]);
});

it('says why there is no report, and never a secret', async () => {
  const refusing = await windows();
  refusing.disturb = () => ({ kind: 'fault', fault: 'access denied' });
  const odd = await windows();
  odd.disturb = () => ({ kind: 'verbatim', body: 'hunter22 is the password: hunter33' });
  const cutOff = await windows();
  cutOff.disturb = () => ({ kind: 'tear', after: 10 });
  await writeFile(join(folder, 'p'), 'hunter33\n');
  const file = { password_file: 'p' };
  const told = new Told(
    configOf([
      { command: ['sh', '-c', 'echo hunter22 hunter33 >&2; exit 1'] },
      { command: ['echo', 'hunter22'] },
      { command: ['/hunter22/hunter33'] },
      winrm(refusing.url, file),
      winrm(odd.url),
      winrm(cutOff.url, file),
      winrm('http://127.0.0.1:1/hunter22', file),
      winrm('http://hunter33.invalid/wsman'),
      winrm(odd.url, { password_file: 'none' }),
    ]),
  );
  await told.poll.askAll(FIRST);
  expect(told.failures.size).toBe(9);
  expect(told.failures.get('kms0')).toBe('the command sh exited with code 1: <secret> <secret>');
  expect(told.failures.get('kms1')).toBe('the output of the command echo: the report is not JSON');
  expect(told.failures.get('kms3')).toContain('AccessDenied');
  expect([...told.failures.values()].filter((text) => /hunter/.test(text))).toEqual([]);
  expect([...told.failures.values()].filter((text) => !/^[\x20-\x7e]+$/.test(text))).toEqual([]);
});

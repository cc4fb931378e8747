import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestData } from '../../src/demo/fleet/log-record.ts';
import { monthOf } from '../../src/kernel/calendar-month.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { DAY_S, rfc3339OfSeconds, seconds, wholeSeconds } from '../../src/kernel/time.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { runCommand } from '../support/command.ts';

const NOW = wholeSeconds(systemClock.now());
/** Of the newest requests. */
const LATEST = seconds(NOW - DAY_S / 2);
const MONTH = monthOf(LATEST);
let folder: TemporaryFolder;
let config = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  config = await folder.write('kmswatch.yml', `store: {path: ${join(folder.path, 'kmswatch.db')}}\n`);
  const lines = Array.from({ length: 30 }, (_, n) => line(n, seconds(NOW - 40 * DAY_S)) + line(n, LATEST));
  await run('import', await folder.write('kms.ndjson', lines.join('')));
});

afterAll(() => folder?.remove());

/** A request of the n-th machine, ten of which are in a branch. */
function line(n: number, time: ReturnType<typeof seconds>): string {
  const clientId = `c0000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
  const product = { activationId: '2de67392-b7a7-462a-b1ca-108dd189f588', nPolicy: 25, hresult: 0 };
  const client = {
    machine: `${n < 10 ? 'br7' : 'hq'}-${n}.corp.test`,
    clientId,
    clientTime: time,
    virtual: n % 3 === 0,
  };
  return `${JSON.stringify({
    host: 'kms1.corp.test',
    channel: 'Key Management Service',
    record_id: time + n,
    time: rfc3339OfSeconds(time),
    event_id: 12290,
    data: requestData({ ...product, ...client, status: 1, minutes: 250_000 }),
  })}\n`;
}

const run = (command: string, ...args: readonly string[]) => runCommand([command, '--config', config, ...args]);

test('a branch that closes takes its host below its threshold on a day', async () => {
  const { out } = await run('forecast', '--without', 'br7-*');
  expect(out).toContain('If 10 clients called like br7-* stop asking now, and all others go on:');
  expect(out).toMatch(/kms1\.corp\.test +client +30 +25 +20 +\d{4}-\d\d-\d\d \d\d:\d\d UTC \(in 29 days\) +10/);
  expect((await run('forecast', '--without', 'none-*')).out).toMatch(/kms1\.corp\.test +client +30 +25 +30 +never/);
});

test('a month is a page in one file, a table and JSON', async () => {
  const page = await run('report', '--month', MONTH);
  expect(page.out).toMatch(/<style>.*@page.*<\/style>.*Report of \d{4}-\d\d.*Windows 10\/11 Pro.*30.*20.*10/s);
  expect(page.out).not.toContain('<link');
  expect((await run('report', '--month', MONTH, '--format', 'csv')).out).toContain(`${MONTH},machines,,,30,20,10,`);
  const json = JSON.parse((await run('report', '--month', MONTH, '--format', 'json')).out);
  expect(json).toMatchObject({ month: MONTH, closed: false, hosts: [{ host: 'kms1.corp.test' }] });
  expect(await run('report', '--month', 'October')).toMatchObject({ code: 2 });
});

test('a move to the directory shows for each machine, and in each format of a month', async () => {
  const since = rfc3339OfSeconds(seconds(NOW - 20 * DAY_S)).slice(0, 10);
  const store = `store: {path: ${join(folder.path, 'kmswatch.db')}}\n`;
  const moving = await folder.write('moving.yml', `${store}leases: {migrating: {to: directory, since: ${since}}}\n`);
  const told = (command: string, ...args: readonly string[]) => runCommand([command, '--config', moving, ...args]);
  // A list has the bare name of a machine that the log calls by its full one.
  const data = { ID: '2de67392-b7a7-462a-b1ca-108dd189f588', LicenseStatus: 1, VLActivationType: 1 };
  const rows = await folder.write('licences.ndjson', `${JSON.stringify({ machine: 'hq-11', ...data })}\n`);
  expect(await run('import', rows)).toMatchObject({ code: 0 });

  const words = async (machine: string) => (await told('explain', machine)).out.replace(/\s+/g, ' ');
  expect(await words('hq-11')).toContain('hq-11.corp.test has moved to directory-based activation: it said');
  expect(await words('hq-13')).toContain('it still renews at kms1.corp.test, last');
  const json = JSON.parse((await told('report', '--month', MONTH, '--format', 'json')).out);
  expect(json.move).toMatchObject({ to: 'directory', moved: 1, left: 29, guessed: false });
  expect(json.move.still_renewing).toContain('hq-13.corp.test');
  expect(json.move.still_renewing).not.toContain('hq-11.corp.test');
  const csv = (await told('report', '--month', MONTH, '--format', 'csv')).out;
  expect(csv).toMatch(/,move,left,directory,29,.*,still renewing,hq-13\.corp\.test,/s);
  expect((await told('report', '--month', MONTH)).out).toMatch(/1 of 30 machines have moved. 29 still renew.*hq-13/s);
});

test('a machine is erased once that was said twice', async () => {
  const refused = await run('forget', 'hq-12', 'nobody');
  expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('nobody: nothing is kept of this machine') });
  expect(refused.error).toContain('nothing was erased: add --yes');
  expect(refused.out).toMatch(/1 machine, with 2 records, 1 lease, 0 rows.*hq-12\.corp\.test/s);
  expect((await run('leases', '--client', 'hq-12')).out).toContain('hq-12');

  const erased = await run('forget', '--yes', 'CORP\\HQ-12$');
  expect(erased).toMatchObject({ code: 0, out: expect.stringContaining('erased hq-12') });
  expect(erased.error).toMatch(/"by":".+","machines":\["hq-12"\]/);
  expect((await run('leases', '--client', 'hq-12')).out).not.toContain('hq-12.');
  expect(await run('forget', '--yes', 'hq-12')).toMatchObject({ code: 1 });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, isList } from './is-list.ts';

const EVENTS = join(import.meta.dirname, '../../test/data/events');
/** Files of administrators, where they are present. */
const CASES = join(import.meta.dirname, '../../../shared/data/cases');
/** Refused as what they are by the reader of lists, which knows the command that lists need. */
const OF_NEITHER = ['82-report-slmgr-dlv-text.txt'];

const headOf = (file: string): Uint8Array => readFileSync(file).subarray(0, HEAD_BYTES);
const filesIn = (folder: string, pattern: RegExp): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : [];

describe('a log in every form is no list of machines', () => {
  it.each(filesIn(EVENTS, /\.(?!ts$|md$)\w+$/))('%s', async (name) => {
    expect(await isList(headOf(join(EVENTS, name)))).toBe(false);
  });

  it.each(filesIn(CASES, /^\d.*\.(?!mjs$)\w+$/).filter((name) => !OF_NEITHER.includes(name)))('%s', async (name) => {
    expect(await isList(headOf(join(CASES, name)))).toBe(false);
  });

  const xml = '<Event xmlns="x"><System><Computer>kms01.corp.example</Computer></System></Event>';
  it.each<[string, string | Buffer]>([
    ['XML in UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(xml, 'utf16le')])],
    ['XML in UTF-16 without its mark', Buffer.from(xml, 'utf16le')],
    ['XML with a root', `<?xml version="1.0"?>\n<Events>\n${xml}</Events>`],
    ['XML that was cut off', xml.slice(0, 80)],
    ['Export-Csv of Get-WinEvent', '"TimeCreated","MachineName","Message"\n"11/27/2026 3:15:30 AM","kms01","text"\n'],
    ['CSV of Kibana', '@timestamp,host.name,winlog.event_id,message\n"Nov 27, 2026 @ 03:15:30.000",kms01,12290,text\n'],
    ['CSV of Splunk', '"_time",host,EventCode,Message\n"2026-11-27T03:15:30.000+0000",kms01,12290,text\n'],
    ['syslog as JSON', '{"hostname":"kms01","facility":"daemon","severity":"info","message":"text"}\n'],
    [
      'kmswatch’s own form without its ids',
      '{"host":"kms01","time":"2026-11-27T03:15:30Z","data":["corp.example.com"]}\n',
    ],
    [
      'a saved log in Base64',
      `${'RWxmRmlsZQAAAAAAAAAAAEAAAAAAAAAAQQAAAAAAAACAAAABAAMAEAABAAAAAAAAAAAAAAAA\n'.repeat(9)}`,
    ],
    [
      'a report with one class',
      '{"ClientMachineID":"","KeyManagementServiceListeningPort":0,"PSComputerName":"kms01"}',
    ],
    ['a byte-order mark alone', Buffer.from([0xff, 0xfe])],
  ])('%s', async (_, text) => {
    expect(await isList(typeof text === 'string' ? Buffer.from(text) : text)).toBe(false);
  });
});

describe('a list is a list', () => {
  it.each(filesIn(join(CASES, 'inventory'), /^\d/))('%s', async (name) => {
    expect(await isList(headOf(join(CASES, 'inventory', name)))).toBe(true);
  });

  it.each([
    ['names', 'ws-1.corp.example\nws-2.corp.example\n'],
    ['names as JSON', '["ws-1", "ws-2"]'],
    ['CSV', 'Name,OperatingSystem,LastLogonDate\nws-1,Windows 11 Enterprise,2026-11-05\n'],
    ['CSV with its own time', 'ComputerName,Timestamp\nws-1,2026-11-05\n'],
    ['JSON', '[{"name":"ws-1","operatingSystem":"Windows 11"}]'],
    ['pages of an API', '{"value":[{"deviceName":"ws-1","lastSyncDateTime":"2026-11-05T03:15:30Z"}]}'],
    ['LDIF, which is refused as a list', 'dn: CN=ws-1,DC=corp\nobjectClass: computer\n'],
    [
      'a computer list of VAMT, which is refused as a list',
      '<?xml version="1.0"?><VamtComputers><Computer/></VamtComputers>',
    ],
  ])('%s', async (_, text) => {
    expect(await isList(Buffer.from(text))).toBe(true);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rfc3339OfSeconds, seconds } from '../kernel/time.ts';
import { MAX_SOURCE_BYTES } from './limits.ts';
import { readInventory } from './read-inventory.ts';
import type { Inventory, SourceRefusal } from './types.ts';

const NOW = seconds(Date.UTC(2026, 10, 28, 12) / 1000);
const TIMES = { readAt: seconds(NOW - 3600), now: NOW };

async function read(source: string | Uint8Array): Promise<Inventory> {
  const reading = await readInventory(typeof source === 'string' ? Buffer.from(source) : source, TIMES);
  if (!reading.ok) throw new Error(reading.error.reason);
  return reading.value;
}

async function refusal(source: string | Uint8Array): Promise<SourceRefusal | undefined> {
  const reading = await readInventory(typeof source === 'string' ? Buffer.from(source) : source, TIMES);
  return reading.ok ? undefined : reading.error;
}

async function names(source: string | Uint8Array): Promise<readonly string[]> {
  return (await read(source)).machines.map(({ machine }) => machine);
}

/** `ws-1 2026-11-20`, with `disabled` where it is. */
async function lines(source: string): Promise<readonly string[]> {
  return (await read(source)).machines.map(
    ({ machine, seen, disabled }) =>
      `${machine} ${seen === null ? 'never' : rfc3339OfSeconds(seen).slice(0, 10)}${disabled ? ' disabled' : ''}`,
  );
}

describe('separated values', () => {
  it.each([',', ';', '\t', '|', '^'])('with %j between them', async (separator) => {
    const text = `Name,OS,Last seen\nws-1,"Windows 11, ""Pro""",2026-11-20\n`.replace(/,(?! )/g, separator);
    expect(await lines(text)).toEqual(['ws-1 2026-11-20']);
  });

  it.each([
    ['a sep= line', 'sep=;\r\nName;OS, with version\r\nws-1;Windows 11\r\n'],
    ['a #TYPE line and an empty one', '#TYPE Selected.ADComputer\r\n\r\n"Name","OS"\r\n"ws-1","Windows 11"\r\n'],
    ['separators at the end', 'Name,OS,,,\nws-1,Windows 11,,,\n,,,,\n'],
    ['more cells than columns', 'Name,OS\nws-1,Windows 11,more,and more\n'],
    ['a title before the header', 'Computers of 28 November\n\nName,OS\nws-1,Windows 11\n'],
    ['line ends of an old Mac', 'Name,OS\rws-1,Windows 11\r'],
    ['no line end', 'Name\nws-1'],
    ['blanks around', ' Name , OS \n ws-1 , Windows 11 '],
    ['a quote within a value', 'Name,Description\nws-1,a 24" screen\n'],
    ['a line break in quotes', 'Name,Room\nws-1,"Building 2\r\n2nd floor"\n'],
    ['repeated headers', '#TYPE X\nName,OS\nws-1,Windows 11\n#TYPE X\nName,OS\nws-1,Windows 11\n'],
    ['a repeated header with a byte-order mark', 'Name,OS\nws-1,Windows 11\n\ufeff"NAME",OS,\nws-1,Windows 11\n'],
    ['each row in quotes', '"Name,OS,Room"\n"ws-1,Windows 11,""2, floor"""\n'],
    ['each row in quotes, and another separator', '"Name;OS",,\r\n"ws-1;Windows 11",,\r\n'],
    ['each row but the header in quotes', 'Name,OS\n"ws-1,Windows 11"\n'],
    ['two columns of one name', 'Name,Name\n,ws-1\n'],
  ])('with %s', async (_, text) => {
    expect(await names(text)).toEqual(['ws-1']);
    expect((await read(text)).refused).toBe(0);
  });

  it('takes no name apart', async () => {
    expect((await read('Name,OS,Room\n"ws-1, of John",,\n"ws-2, old",,\n')).refused).toBe(2);
  });

  it('in each encoding', async () => {
    const text = 'Rechnername;Standort\r\nBÜRO-4;Köln\r\n';
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le');
    for (const bytes of [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      Buffer.from(text, 'latin1'),
      utf16,
      utf16.subarray(2),
      Buffer.from(utf16).swap16(),
      Buffer.from(utf16.subarray(2)).swap16(),
    ]) {
      expect(await names(bytes)).toEqual(['büro-4']);
    }
  });

  it('has a domain that is a suffix only if it is a DNS name', async () => {
    expect(await names('Name,Domain\nws-1,corp.example.com\nws-2,CORP\n')).toEqual(['ws-1.corp.example.com', 'ws-2']);
  });

  it('reads states, and takes a silent machine for no disabled one', async () => {
    const states = [
      'Retired',
      'Obsolete',
      'decommissioned',
      'Disabled',
      'inactive',
      'offline',
      'Disconnected',
      'to be retired',
    ];
    const text = `Name,Status,Last seen\n${states.map((state, index) => `ws-${index},${state},2026-11-20`).join('\n')}`;
    const disabled = (await read(text)).machines.flatMap((each, index) => (each.disabled ? [states[index]] : []));
    expect(disabled).toEqual(states.slice(0, 4));
  });

  it('takes rows without a date for as old as the source, only if no column has dates', async () => {
    expect((await read('Name,OS\nws-1,Windows 11\n')).machines[0]?.seen).toBe(TIMES.readAt);
    expect(await lines('Name,Last seen\nws-1,\nws-2,2026-11-20\n')).toEqual(['ws-1 never', 'ws-2 2026-11-20']);
  });

  it('makes one machine of bare and full names, and lets its newest row say whether it is disabled', async () => {
    const text = [
      'Name,Last seen,Obsolete',
      'ws-1,2026-11-20,False',
      'ws-1.corp.example.com,2026-03-01,True',
      'a-very-long-nam,2026-11-01,False',
      'a-very-long-name.corp.example.com,2026-11-02,False',
      'ws-2,2026-11-03,False',
      'ws-2.corp.example.com,2026-11-03,False',
      'ws-2.lab.example.com,2026-11-03,True',
    ];
    expect(await lines(text.join('\n'))).toEqual([
      'ws-1.corp.example.com 2026-11-20',
      'a-very-long-name.corp.example.com 2026-11-02',
      'ws-2 2026-11-03',
      'ws-2.corp.example.com 2026-11-03',
      'ws-2.lab.example.com 2026-11-03 disabled',
    ]);
  });

  it('leaves out and counts what is no machine with Windows', async () => {
    const text = [
      'Name,OperatingSystem,objectClass,sAMAccountType,Description,servicePrincipalName',
      'lnx-1,Ubuntu 24.04,computer,805306369,,',
      'xp-1,Windows XP Professional,computer,805306369,,',
      'clu-1,Windows Server 2022,computer,805306369,Failover cluster virtual network name account,',
      'clu-2,Windows Server 2022,computer,805306369,,MSClusterVirtualServer/CLU-2;HOST/CLU-2',
      'gmsa,,top;computer;msDS-GroupManagedServiceAccount,,,',
      'anna,,user,805306368,,',
      'AZUREADSSOACC,,computer,805306369,,',
      'old\\0ADEL:0b5d3c1e-5a0f-4b8e-9a6d-0a1b2c3d4e5f,,computer,805306369,,',
      'ws-1,Windows 11 Pro,computer,805306369,,',
    ];
    const { machines, leftOut, refused } = await read(text.join('\n'));
    expect([machines.map(({ machine }) => machine), refused]).toEqual([['ws-1'], 0]);
    expect(leftOut.map(({ reason, count }) => [reason, count])).toEqual([
      ['not_windows', 1],
      ['before_vista', 1],
      ['cluster_name', 2],
      ['service_account', 1],
      ['not_a_machine', 3],
    ]);
  });

  it('says which column was taken for what', async () => {
    const { columns } = await read('Computer,"Last logon",Owner\nws-1,26/11/2026,anna\n');
    expect(columns).toEqual([
      { column: 'Computer', role: 'name', note: null },
      { column: 'Last logon', role: 'seen', note: 'day first, decided by row 1' },
    ]);
  });

  it('keeps nothing of users and serial numbers', async () => {
    const text = 'Device name,Primary user UPN,Serial number,Device ID\nws-1,anna@corp.example.com,5CG1234,4711\n';
    expect(JSON.stringify(await read(text))).not.toMatch(/anna|5CG|4711/);
  });
});

describe('names alone', () => {
  it('are read one a line, with a header or without', async () => {
    expect(await names('ws-1\r\n\r\nCORP\\WS-2$\r\n# gone\r\nws-3 \r\n')).toEqual(['ws-1', 'ws-2', 'ws-3']);
    expect(await names('ComputerName\nws-1\n')).toEqual(['ws-1']);
  });

  it('are refused one by one', async () => {
    const { machines, refusals } = await read('ws-1\n192.0.2.7\n1.23E+12\n');
    expect(machines).toHaveLength(1);
    expect(refusals.map(({ row, reason }) => [row, reason])).toEqual([
      [2, 'an address is not a name'],
      [3, 'a number is not the name of a machine'],
    ]);
  });
});

describe('JSON', () => {
  it.each([
    ['an array', '[{"Name":"ws-1"},{"Name":"ws-2"}]'],
    ['an array of names', '["ws-1","ws-2"]'],
    ['lines', '{"Name":"ws-1"}\n{"Name":"ws-2","OS":"Windows 11"}\n'],
    ['the answer of an API', '{"@odata.context":"x","value":[{"deviceName":"ws-1"},{"deviceName":"ws-2"}]}'],
    ['the wrapper of Windows PowerShell', '{"value":[{"Name":"ws-1"},{"Name":"ws-2"}],"Count":2}'],
  ])('of %s', async (_, text) => {
    expect(await names(text)).toEqual(['ws-1', 'ws-2']);
  });

  it('has dates as texts, numbers and objects', async () => {
    const at = (LastLogonDate: unknown) => ({ Name: 'ws-1', LastLogonDate });
    for (const date of [
      '/Date(1795698191000)/',
      { value: '/Date(1795698191000)/', DisplayHint: 2 },
      134_401_717_910_000_000,
    ]) {
      expect(await lines(JSON.stringify([at(date)]))).toEqual(['ws-1 2026-11-26']);
    }
  });

  it('says that more pages follow', async () => {
    const page = { value: [{ Name: 'ws-1' }], '@odata.nextLink': 'https://graph.example.com/?skip=1' };
    expect((await read(JSON.stringify(page))).morePages).toBe(true);
    expect((await read(JSON.stringify({ ...page, '@odata.nextLink': null }))).morePages).toBe(false);
  });
});

describe('a source that is no list of machines', () => {
  it.each([
    [Buffer.from('PK\x03\x04xl/workbook.xml'), /workbook or a ZIP/],
    [Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), /old Excel/],
    ['<!DOCTYPE html><html>', /HTML/],
    ['\ufeff\r\n<table><tr>', /HTML/],
    ['dn: CN=WS-1,DC=corp\nobjectClass: computer\n', /LDIF/],
    ['# extended LDIF\n#\nversion: 1\n\ndn:: Q049\n', /LDIF/],
    ['<?xml version="1.0"?><ComputerInformation xmlns="x"/>', /VAMT/],
    ['<?xml version="1.0"?><Objs Version="1.1"/>', /XML/],
    ['Software licensing service version: 10.0.26100.1\r\n\r\nName: Windows(R), Enterprise edition\r\n', /slmgr/],
    ['\r\nNom : Windows(R), Enterprise edition\r\nDescription : Windows(R) Operating System\r\n', /slmgr/],
    ['<?xml version="1.0"?><Root><Computers><Computer Name="ws-1"/></Computers></Root>', /VAMT/],
    ['Name: Windows(R), Enterprise edition\r\nDescription: Windows(R) Operating System\r\n', /slmgr/],
    ['\r\nName   DNSHostName\r\n----   -----------\r\nWS-1   ws-1.corp\r\n', /for a screen/],
    ['\r\nName        : WS-1\r\nDNSHostName : ws-1.corp\r\n', /for a screen/],
    [
      '{"host":"kms01","channel":"Application","time":"2026-11-20T00:00:00Z","data":["0x0","25"]}\n',
      /records of a log/,
    ],
    ['[{"Id":12290,"MachineName":"kms01","LogName":"x","TimeCreated":"2026-11-20"}]', /records of a log/],
    ['{"@timestamp":"2026-11-20T00:00:00Z","host":"kms01","winlog":{"event_id":12290}}', /records of a log/],
    ['--3b9f\r\nContent-Disposition: form-data; name="file"\r\n\r\nws-1\r\n--3b9f--\r\n', /several parts/],
    ['Town,Street\nKöln,Dom\n', /no column has names of machines, only 'Town' and 'Street'/],
    ['', /empty/],
    ['Name,DNSHostName\r\n', /no row/],
    ['[]', /no row/],
    ['{"value":[]}', /no row/],
    ['[1,2,3]', /no list of machines/],
    ['[{"Name":"ws-1"}', /no JSON/],
    ['{"Name":"ws-1"}\n{"Name":\n', /line 2 is no JSON/],
    ['Name,OS\n"ws-1,Windows 11\n', /Quote Not Closed/i],
  ])('%j is refused once', async (source, reason) => {
    const refused = await refusal(source);
    expect(refused?.reason).toMatch(reason);
    expect(refused?.remedy).not.toBe('');
  });

  it('is none for the words that a list and a log have', async () => {
    expect(await names('[{"Name":"ws-1","Facility":"HQ"},{"host":"ws-2"}]')).toEqual(['ws-1', 'ws-2']);
  });

  it('is refused if it is too large', async () => {
    expect((await refusal(new Uint8Array(MAX_SOURCE_BYTES + 1)))?.reason).toMatch(/larger than 256 MiB/);
  });
});

it('throws at nothing, and every row is a machine, left out, refused, or one with another', async () => {
  const cell = fc.oneof(
    fc.constantFrom(
      'ws-1',
      'ws-2',
      '26/11/2026',
      '05/11/2026',
      'never',
      'True',
      '192.0.2.1',
      'Ubuntu',
      '"',
      '',
      'a"b',
      '\r',
    ),
    fc.string(),
  );
  const row = fc.array(cell, { maxLength: 5 }).map((cells) => cells.join(','));
  const header = fc.constantFrom('Name,Last seen,OS,Status', '', '[', '{', 'sep=;', '#TYPE');
  await fc.assert(
    fc.asyncProperty(header, fc.array(row, { maxLength: 8 }), async (first, rows) => {
      const reading = await readInventory(Buffer.from([first, ...rows].join('\n')), TIMES);
      if (!reading.ok) return;
      const { value } = reading;
      const left = value.leftOut.reduce((sum, { count }) => sum + count, 0);
      expect(value.machines.length).toBeLessThanOrEqual(value.rows - left - value.refused);
    }),
  );
});

it('reads a hundred thousand rows, and lets others run meanwhile', async () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, index) => `"WS-${index}","Windows 11","${(index % 28) + 1}/11/2026 08:00:00"`,
  );
  const bytes = Buffer.from(`Name,OS,Last logon\r\n${rows.join('\r\n')}`);
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const { machines, refused } = await read(bytes);
  clearInterval(ticking);
  expect([machines.length, refused]).toEqual([100_000, 0]);
  expect(turns).toBeGreaterThan(10);
});

describe('a column that says when a machine was seen', () => {
  it.each([
    'Last check in date',
    'Last Seen (UTC+1)',
    'last seen (GMT +01:00)',
    'Last user logon time',
    'Date of last contact',
    'Last Successful Sign-in',
    'Last connected at',
    'lastLogon_0',
  ])('%s', async (column) => {
    expect(await lines(`Computer,${column}\nws-1,2026-05-01\n`)).toEqual(['ws-1 2026-05-01']);
  });

  it.each(['Last logon user', 'Last seen by', 'Last modified', 'Last reboot', 'Last name', 'Last IP'])(
    'is not %s',
    async (column) => expect((await read(`Computer,${column}\nws-1,2026-05-01\n`)).dated).toBe(false),
  );

  it('is reported as missing if a column of dates has a name that nobody knows', async () => {
    const others = async (text: string) => (await read(text)).otherDates;
    expect(await others('Name,Ostatnie logowanie,Tag\nws-1,2026-05-01 09:00,20260501\nws-2,,\n')).toEqual([
      'Ostatnie logowanie',
    ]);
    expect(await others('[{"Name":"ws-1","Vu":"01/05/2026"}]')).toEqual(['Vu']);
    expect(await others('Name,Purchased,Note\nws-1,2020-01-01,2026-05-01\nws-2,2020-01-01,new\n')).toEqual([]);
    expect(await others('Name,Vu,Last seen\nws-1,2026-05-01,\n')).toEqual([]);
  });
});

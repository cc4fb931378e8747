import { expect, it } from 'vitest';
import { readNames } from './read-names.ts';

function utf16(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`, 'utf16le');
}

const names = async (bytes: string | Buffer) => {
  const read = await readNames(Buffer.from(bytes as string));
  return read.ok ? [read.value.names, read.value.refused.map(({ row, reason }) => `${row}: ${reason}`)] : read.error;
};

it.each<[string, string | Buffer, readonly string[]]>([
  [
    'names, one a line',
    'ws-1\r\nWS-2.corp.example.\r\n\r\n# sold\nws-3  # in May\n',
    ['ws-1', 'ws-2.corp.example', 'ws-3'],
  ],
  ['UTF-16, as PowerShell redirects it', utf16('ws-1\r\nws-2\r\n'), ['ws-1', 'ws-2']],
  ['a mark of UTF-8', '\ufeffws-1\n', ['ws-1']],
  ['names of Active Directory', 'CORP\\WS-1$\nws-2$\n', ['ws-1', 'ws-2']],
  ['quoted CSV', '"Name","OperatingSystem"\r\n"WS-1","Windows 11"\r\n"WS-2",""\r\n', ['ws-1', 'ws-2']],
  ['CSV with semicolons', 'Standort;Name;Bemerkung\nBonn;ws-1;alt\nBonn;ws-2;\n', ['ws-1', 'ws-2']],
  [
    'Export-Csv',
    utf16('#TYPE Selected.ADComputer\r\n"DNSHostName","Name"\r\n"ws-1.corp.example","WS-1"\r\n'),
    ['ws-1.corp.example'],
  ],
  ['JSON', '[{"Name":"ws-1"},{"Name":"ws-2"}]', ['ws-1', 'ws-2']],
  ['a JSON array of names', '["ws-1", "ws-2"]', ['ws-1', 'ws-2']],
  ['a bare name and the full one of one machine', 'ws-1\nCORP\\ws-1$\nws-1.corp.example\n', ['ws-1.corp.example']],
  ['a bare name that fits two', 'ws-1\nws-1.a.example\nws-1.b.example\n', ['ws-1', 'ws-1.a.example', 'ws-1.b.example']],
  ['machines that an inventory would leave out', 'Name,OperatingSystem,Enabled\nsrv,Ubuntu 24.04,False\n', ['srv']],
])('%s', async (_what, bytes, expected) => {
  expect(await names(bytes)).toEqual([expected, []]);
});

it('says which rows have no name', async () => {
  expect(await names('ws-1\n192.0.2.1\n')).toEqual([['ws-1'], ['2: an address is not a name']]);
});

it.each([
  ['Standort;Bemerkung\nBonn;alt\n', /no column has names of machines/],
  [Buffer.from('PK\x03\x04', 'latin1'), /workbook|ZIP/],
])('says what %j is', async (bytes, reason) => {
  expect(await names(bytes)).toMatchObject({ reason: expect.stringMatching(reason) });
});

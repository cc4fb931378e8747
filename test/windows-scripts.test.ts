import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { parseReport } from '../src/reports/parse-report.ts';
import { PowerShell, type Script } from './support/powershell.ts';
import { readEventsFrom } from './support/read-events.ts';
import { readXml } from './support/xml.ts';

const Report = z.object({
  time: z.iso.datetime(),
  service: z.record(z.string(), z.unknown()),
  products: z.array(z.record(z.string(), z.unknown())),
  os: z.string(),
});
const FOLDER = new URL('../config/', import.meta.url);
const SCRIPTS = ['windows', 'shippers'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, FOLDER))
    .filter((name) => name.endsWith('.ps1'))
    .map((name) => `${folder}/${name}`),
);
const OURS = SCRIPTS.filter((name) => name.startsWith('windows/'));

function textOf(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

let powershell: PowerShell;
const scripts = new Map<string, Script>();

beforeAll(async () => {
  powershell = await PowerShell.load();
  for (const name of SCRIPTS) scripts.set(name, powershell.read(textOf(name)));
});

function script(name: string): Script {
  const found = scripts.get(name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

/** Everything that the scripts for hosts do, taken together. */
function all(what: (script: Script) => readonly string[]): ReadonlySet<string> {
  return new Set(OURS.flatMap((name) => what(script(name))));
}

describe('the scripts for Windows', () => {
  it.each(SCRIPTS)('%s is PowerShell by its grammar, in ASCII', (name) => {
    expect(script(name).problems).toEqual([]);
    // Windows PowerShell takes a file without a mark for the code page of the machine.
    expect(textOf(name)).toMatch(/^[\t\n\x20-\x7e]*$/);
  });

  it('comes whole: each file that one takes in is there, and report.ps1 prints unless it is taken in', () => {
    const taken = [...textOf('windows/kmswatch-push.ps1').matchAll(/^\. \(Join-Path \$PSScriptRoot '(.*)'\)$/gm)];
    expect(taken.map(([, name]) => `windows/${name}`).toSorted()).toEqual(
      OURS.filter((name) => name !== 'windows/kmswatch-push.ps1').toSorted(),
    );
    expect(textOf('windows/kmswatch-push.ps1')).toMatch(/\$onlyFunctions = \$true\n\. /);
    expect(textOf('windows/report.ps1').trimEnd().split('\n').slice(-4)).toEqual([
      'if ($onlyFunctions) { return }',
      '',
      '# Not by the pipeline, which may wrap lines at the width of a console.',
      '[Console]::Out.WriteLine((ConvertTo-AsciiJson (Get-KmsReport)))',
    ]);
  });

  it('reads no variable that nothing sets: PowerShell would take it for empty, and nobody could run it here', () => {
    const given = new Set(['_', 'true', 'false', 'null', 'psscriptroot']);
    const set = all((each) => each.variablesSet);
    const read = [...all((each) => each.variables)].filter((name) => !given.has(name));
    expect(read.filter((name) => !set.has(name))).toEqual([]);
    expect(powershell.read('$a = 1; foreach ($b in $c) { "$d" }').variablesSet).toEqual(['a', 'b']);
    expect(powershell.read('$a = 1; foreach ($b in $c) { "$d" }').variables).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each([
    ['a brace too few', (text: string) => text.replace(/\}(?=[^}]*$)/, '')],
    ['a parenthesis too many', (text: string) => text.replace('param(', 'param((')],
    ['a text that does not end', (text: string) => text.replace("'Stop'", "'Stop")],
  ])('would be found broken with %s', (_what, spoil) => {
    for (const name of ['windows/kmswatch-push.ps1', 'windows/report.ps1']) {
      expect(powershell.read(spoil(textOf(name))).problems).not.toEqual([]);
    }
  });

  it.each(OURS)('%s has no parameter for a secret', (name) => {
    for (const parameter of script(name).parameters)
      expect(parameter).not.toMatch(/token|secret|password|credential|key/i);
    expect(textOf(name)).not.toMatch(
      /ConvertTo-SecureString|PSCredential|Invoke-Expression|iex\b|Add-Type|DownloadString/i,
    );
  });
});

describe('what the scripts for hosts can do', () => {
  it('is a short list of commands, none of which changes Windows', () => {
    const own = all((each) => each.functions);
    const called = [...all((each) => each.commands)].filter((name) => !own.has(name));
    expect(called.toSorted()).toEqual([
      'ConvertFrom-Json',
      'ConvertTo-Json',
      'Get-Acl',
      'Get-CimInstance',
      'Join-Path',
      'New-Object',
      'Sort-Object',
      'Start-Sleep',
    ]);
    expect(own.size).toBeGreaterThan(20);
    // Nothing that runs a text or another program.
    expect([...all((each) => each.invocations)].toSorted()).toEqual([
      '& $Step',
      ". (Join-Path $PSScriptRoot 'https.ps1')",
      ". (Join-Path $PSScriptRoot 'logs.ps1')",
      ". (Join-Path $PSScriptRoot 'report.ps1')",
    ]);
  });

  it('names every type and method of .NET that they use', () => {
    const statics = [...all((each) => each.staticMembers)].filter(
      (name) => !/^(?:Math|Convert|regex|DateTime)::/.test(name),
    );
    expect(statics.toSorted()).toEqual(
      [
        'Console::Out',
        'Console::OutputEncoding',
        'Diagnostics.Eventing.Reader.PathType::LogName',
        'Diagnostics.Stopwatch::StartNew',
        'Globalization.CultureInfo::InvariantCulture',
        'IO.Directory::CreateDirectory',
        'IO.Directory::GetFiles',
        'IO.File::Delete',
        'IO.File::Exists',
        'IO.File::Move',
        'IO.File::ReadAllLines',
        'IO.File::ReadAllText',
        'IO.File::Replace',
        'IO.FileAccess::ReadWrite',
        'IO.FileAccess::Write',
        'IO.FileMode::Create',
        'IO.FileMode::OpenOrCreate',
        'IO.FileShare::None',
        'Net.Dns::GetHostAddresses',
        'Net.NetworkInformation.IPGlobalProperties::GetIPGlobalProperties',
        'NullString::Value',
        'Security.AccessControl.FileSystemRights::ReadData',
        'Security.Authentication.SslProtocols::Tls12',
        'Security.Cryptography.X509Certificates.X509ChainStatusFlags::UntrustedRoot',
        'Security.Cryptography.X509Certificates.X509RevocationMode::NoCheck',
        'Security.Principal.WindowsIdentity::GetCurrent',
        'Uri::EscapeDataString',
      ].toSorted(),
    );
    expect([...all((each) => each.created)].toSorted()).toEqual(
      [
        'Collections.Generic.List[object]',
        'Collections.Generic.List[string]',
        'Diagnostics.Eventing.Reader.EventLogQuery',
        'Diagnostics.Eventing.Reader.EventLogReader',
        'IO.FileInfo',
        'IO.FileStream',
        'IO.MemoryStream',
        'Net.Security.SslStream',
        'Net.Sockets.TcpClient',
        'Security.Cryptography.Oid',
        'Security.Cryptography.X509Certificates.X509Certificate2',
        'Security.Cryptography.X509Certificates.X509Chain',
        'Text.StringBuilder',
        'Text.UTF8Encoding',
        'Uri',
        'byte[]',
      ].toSorted(),
    );
    expect(
      [...all((each) => each.methods)].filter((name) =>
        /^(?:Invoke|Put|Create|Set|Start|Kill|Install|Activate)/.test(name),
      ),
    ).toEqual([]);
  });

  it('is told by the tree and not by chance: what changes Windows would show', () => {
    const evil = powershell.read(
      "Set-Service sppsvc; & 'C:/x.exe'; [IO.File]::WriteAllText('a', 'b'); $x.InvokeMethod('Activate'); New-Object Net.WebClient",
    );
    expect(evil.commands).toContain('Set-Service');
    expect(evil.invocations).toEqual(["& 'C:/x.exe'"]);
    expect(evil.staticMembers).toEqual(['IO.File::WriteAllText']);
    expect(evil.methods).toEqual(['InvokeMethod']);
    expect(evil.created).toEqual(['Net.WebClient']);
  });

  it('asks WMI in two classes of licensing and one of the system, and only by SELECT', () => {
    const text = textOf('windows/report.ps1');
    const classes = [...text.matchAll(/SELECT [^"]*? FROM (\w+)/g)].map(([, name]) => name);
    expect(classes).toEqual(['SoftwareLicensingService', 'SoftwareLicensingProduct', 'Win32_OperatingSystem']);
    expect(text.match(/Get-CimInstance -Query/g)).toHaveLength(text.match(/Get-CimInstance/g)?.length ?? 0);
  });
});

test('what goes over the network is protected before the token is', () => {
  const text = textOf('windows/https.ps1');
  const order = [
    'AuthenticateAsClient',
    "if ($script:trust -ne '') { throw",
    '"Authorization: Bearer $token"',
    '.Write(',
  ];
  const places = order.map((part) => text.indexOf(part));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(textOf('windows/kmswatch-push.ps1')).toContain("if ($target.Scheme -ne 'https') { throw");
  // The token is in one line, which is sent and never printed.
  const uses = OURS.flatMap((name) => textOf(name).split('\n')).filter(
    (line) => /\$token\b/.test(line) && !line.includes('SYNOPSIS'),
  );
  expect(
    uses
      .map((line) => line.trim())
      .filter((line) => !/^(?:Only functions|\$token = |return \$token|if \(\$token -cnotmatch)/.test(line)),
  ).toEqual(['"Authorization: Bearer $token",']);
});

describe('what the scripts send', () => {
  it('has the columns of WMI that the reader of reports knows, and no other', () => {
    const readers = ['read-report', 'host-key'].map((name) =>
      readFileSync(new URL(`../src/reports/${name}.ts`, import.meta.url), 'utf8'),
    );
    const asked = /(?:\.(?:number|positive|flag|text|value)|minutes)\('([A-Z]\w+)'\)|'(KeyManagementService\w+)'/g;
    const known = new Set(
      readers.flatMap((text) => [...text.matchAll(asked)].flatMap(([, one, other]) => one ?? other)),
    );
    // The query asks for it, but it does not leave the host: a part of a product key.
    known.delete('PartialProductKey');
    // Where the tables and the description tell no name, the host's own is not used as a label.
    const ofService = script('windows/report.ps1').listIn('Get-KmsReport', 'ofService');
    const ofProduct = script('windows/report.ps1').listIn('Get-KmsReport', 'ofProduct');
    expect([...new Set([...ofService, ...ofProduct])].toSorted()).toEqual([...known].toSorted());
    expect(script('windows/report.ps1').keysIn('Get-KmsReport')).toEqual(['time', 'service', 'products', 'os']);
  });

  it('has the keys of the samples, which the agent takes', () => {
    const sample = (name: string) => readFileSync(new URL(`data/push/${name}`, import.meta.url), 'utf8');
    const report = Report.parse(JSON.parse(sample('report.json.txt')));
    const reader = script('windows/report.ps1');
    expect(Object.keys(report)).toEqual(reader.keysIn('Get-KmsReport'));
    expect(Object.keys(report.service)).toEqual(reader.listIn('Get-KmsReport', 'ofService'));
    for (const product of report.products) {
      expect(Object.keys(product)).toEqual(reader.listIn('Get-KmsReport', 'ofProduct'));
    }
    const lines = sample('events.ndjson').trimEnd().split('\n');
    for (const line of lines) {
      expect(Object.keys(JSON.parse(line))).toEqual(script('windows/logs.ps1').keysIn('ConvertTo-Line'));
    }
    const readings = readEventsFrom(Buffer.from(sample('events.ndjson')));
    expect(readings.map(({ ok }) => ok)).toEqual(lines.map(() => true));
    expect(parseReport(Buffer.from(sample('report.json.txt')))).toMatchObject({ ok: true });
    // No code page in between can change anything in them.
    expect(sample('report.json.txt') + sample('events.ndjson')).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

test('the task is one that Windows takes, every five minutes, without a secret', () => {
  const task = readXml(textOf('windows/kmswatch-push.xml'));
  expect(task.name).toBe('Task');
  expect(task.attributes).toEqual({ version: '1.3', xmlns: 'http://schemas.microsoft.com/windows/2004/02/mit/task' });
  // In the order of triggerBaseType and timeTriggerType in Microsoft's schema.
  expect(task.at('Triggers', 'TimeTrigger').children.map(({ name }) => name)).toEqual([
    'Enabled',
    'StartBoundary',
    'Repetition',
    'RandomDelay',
  ]);
  expect(task.at('Triggers', 'TimeTrigger', 'Repetition', 'Interval').text).toBe('PT5M');
  const [principal] = task.at('Principals').children;
  expect(principal?.children.map(({ name, text }) => [name, text])).toEqual([
    ['UserId', 'S-1-5-19'],
    ['RunLevel', 'LeastPrivilege'],
  ]);
  expect(task.at('Actions').attributes).toEqual({ Context: principal?.attributes['id'] });
  expect(task.at('Settings', 'MultipleInstancesPolicy').text).toBe('IgnoreNew');
  const words = task.at('Actions', 'Exec', 'Arguments').text;
  expect(words).toBe(
    '-NoProfile -NonInteractive -ExecutionPolicy RemoteSigned ' +
      '-File "C:\\Program Files\\kmswatch\\kmswatch-push.ps1" -Url https://kmswatch.example.com:11688',
  );
  expect(script('windows/kmswatch-push.ps1').parameters).toContain('$Url');
});

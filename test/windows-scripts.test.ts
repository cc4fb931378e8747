import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { parseReport } from '../src/reports/parse-report.ts';
import type { PowerShell, Script } from './support/powershell.ts';
import { readEventsFrom } from './support/read-events.ts';
import { OURS, SCRIPTS, textOf, WindowsScripts } from './support/windows-scripts.ts';
import { readXml } from './support/xml.ts';

const Report = z.object({
  time: z.iso.datetime(),
  service: z.record(z.string(), z.unknown()),
  products: z.array(z.record(z.string(), z.unknown())),
  os: z.string(),
});

let powershell: PowerShell;
let script: (name: string) => Script;
let all: WindowsScripts['all'];

beforeAll(async () => {
  ({ powershell, script, all } = await WindowsScripts.read());
});

describe('the scripts for Windows', () => {
  it.each(SCRIPTS)('%s is PowerShell by its grammar, in ASCII', (name) => {
    expect(script(name).problems).toEqual([]);
    // Windows PowerShell takes a file without a mark for the code page of the machine.
    expect(textOf(name)).toMatch(/^[\t\n\x20-\x7e]*$/);
  });

  it('comes whole: each file that one takes in is there, and report.ps1 prints unless it is taken in', () => {
    for (const name of ['kmswatch-push', 'send', 'import-history', 'install', 'install-agent']) {
      const text = textOf(`windows/${name}.ps1`);
      const lists = [...text.matchAll(/^(?:\$scripts = |foreach \(\$\w+ in )((?:'[\w.]+'(?:, )?)+)/gm)];
      const taken = lists.flatMap(([, list = '']) => [...list.matchAll(/'(\w+)(?:\.ps1)?'/g)].map(([, file]) => file));
      expect(taken.length).toBeGreaterThan(3);
      for (const file of taken) expect(OURS).toContain(`windows/${file}.ps1`);
      if (taken.includes('report')) expect(text).toMatch(/\$onlyFunctions = \$true\n/);
    }
    expect(textOf('windows/report.ps1').trimEnd().split('\n').slice(-4)).toEqual([
      'if ($onlyFunctions) { return }',
      '',
      '# Not by the pipeline, which may wrap lines at the width of a console.',
      '[Console]::Out.WriteLine((ConvertTo-AsciiJson (Get-KmsReport)))',
    ]);
  });

  it('reads no variable that nothing sets: PowerShell would take it for empty', () => {
    const given = new Set([
      '_',
      'true',
      'false',
      'null',
      'psscriptroot',
      'matches',
      'whatifpreference',
      'lastexitcode',
    ]);
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
      expect(parameter).not.toMatch(/(?:token|secret|password|credential|key)(?!File)/i);
    expect(textOf(name)).not.toMatch(
      /ConvertTo-SecureString|PSCredential|Invoke-Expression|iex\b|Add-Type|DownloadString/i,
    );
  });
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

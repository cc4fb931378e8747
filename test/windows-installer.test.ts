import { beforeAll, expect, it } from 'vitest';
import { INSTALLER, textOf, WindowsScripts } from './support/windows-scripts.ts';

let all: WindowsScripts['all'];

beforeAll(async () => {
  ({ all } = await WindowsScripts.read());
});

it('changes rights, one group and its own tasks, and nothing else in Windows', () => {
  const own = all((each) => each.functions);
  const called = [...all((each) => each.commands, INSTALLER)].filter((name) => !own.has(name));
  expect(called.toSorted()).toEqual([
    'Add-LocalGroupMember',
    'ForEach-Object',
    'Get-Acl',
    'Get-AuthenticodeSignature',
    'Get-CimInstance',
    'Get-ExecutionPolicy',
    'Get-ScheduledTask',
    'Get-ScheduledTaskInfo',
    'Join-Path',
    'New-Object',
    'Read-Host',
    'Register-ScheduledTask',
    'Remove-LocalGroupMember',
    'Set-Acl',
    'Start-ScheduledTask',
    'Start-Sleep',
    'Stop-ScheduledTask',
    'Unregister-ScheduledTask',
    'Where-Object',
    'net.exe',
  ]);
  expect([...all((each) => each.invocations, INSTALLER)].toSorted()).toEqual([
    '& $Change',
    "& (Join-Path $Program 'node.exe') (Join-Path $Program 'bin\\kmswatch.cjs') $Words 2>&1",
    '& net.exe $Words 2>&1',
    '. (Join-Path $PSScriptRoot "$name.ps1")',
  ]);
});

it('deletes only what it has put there', () => {
  const deleting = INSTALLER.flatMap((name) => textOf(name).split('\n')).filter((line) => line.includes('::Delete('));
  expect(deleting.map((line) => line.trim())).toEqual([
    '[IO.File]::Delete($log)',
    '[IO.File]::Delete($Path)',
    'if ([IO.Directory]::Exists($to)) { [IO.Directory]::Delete($to, $true) }',
    '[IO.File]::Delete($readerMark)',
    'foreach ($file in $Files) { [IO.File]::Delete($file) }',
    'foreach ($folder in $Folders) { if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) } }',
    'else { [IO.Directory]::Delete($Path) }',
    '[IO.File]::Delete($path)',
  ]);
});

it('asks for the token unseen, writes it into its file, and puts it on no command line', () => {
  const uses = textOf('windows/install.ps1')
    .split('\n')
    .filter((line) => /\$(?:token|secret|text)\b/i.test(line) && !line.includes('$texts'));
  expect(uses.map((line) => line.trim())).toEqual([
    "if ($TokenFile -ne '') { $text = [IO.File]::ReadAllText($TokenFile) }",
    "$secret = Read-Host -Prompt 'Token of this host, as in the file on the kmswatch machine' -AsSecureString",
    "$text = (New-Object Net.NetworkCredential -ArgumentList 'push', $secret).Password",
    '$text = $text.Trim()',
    "if ($text -cnotmatch '^[\\x21-\\x7e]+$') { throw 'that is no token: one line without blanks is expected' }",
    'return $text',
    'function Write-NewFile([string] $Path, [string] $Text) {',
    'Write-File $Path $Text',
    '$token = Read-Token',
    'if ($null -ne $token) { Invoke-Change "write $installedToken" { Write-NewFile $installedToken $token } }',
  ]);
});

import { beforeAll, describe, expect, it, test } from 'vitest';
import type { PowerShell, Script } from './support/powershell.ts';
import { READERS, textOf, WindowsScripts } from './support/windows-scripts.ts';

let powershell: PowerShell;
let all: (what: (script: Script) => readonly string[]) => ReadonlySet<string>;

beforeAll(async () => {
  const scripts = await WindowsScripts.read();
  powershell = scripts.powershell;
  all = (what) => scripts.all(what, READERS);
});

describe('what the scripts that run on hosts can do', () => {
  it('is a short list of commands, none of which changes Windows', () => {
    const own = all((each) => each.functions);
    const called = [...all((each) => each.commands)].filter((name) => !own.has(name));
    expect(called.toSorted()).toEqual([
      'ConvertFrom-Json',
      'ConvertTo-Json',
      'ForEach-Object',
      'Get-Acl',
      'Get-CimInstance',
      'Get-Content',
      'Join-Path',
      'New-Object',
      'Sort-Object',
      'Split-Path',
      'Start-Sleep',
      'Where-Object',
    ]);
    expect(own.size).toBeGreaterThan(20);
    // Nothing that runs a text or another program.
    expect([...all((each) => each.invocations)].toSorted()).toEqual([
      '& $Send $file',
      '& $Skip $Place.Number $reason',
      '& $Skip $bad (Get-Reason $end)',
      '& $Step',
      '& $Take $line $record',
      '& $sender -Job $Jobs[0]',
      '. (Join-Path $PSScriptRoot "$name.ps1")',
      '. (Join-Path $PSScriptRoot $file)',
    ]);
    // Threads of PowerShell run this alone.
    expect(textOf('windows/kmswatch-push.ps1')).toContain("$sender = Join-Path $PSScriptRoot 'send.ps1'\n");
    expect(textOf('windows/kmswatch-push.ps1').match(/\.Add(?:Command|Script)\(.*?\)/g)).toEqual([
      '.AddCommand($sender)',
    ]);
  });

  it('names every type and method of .NET that they use', () => {
    const statics = [...all((each) => each.staticMembers)].filter(
      (name) => !/^(?:Math|Convert|regex|DateTime)::/.test(name),
    );
    expect(statics.toSorted()).toEqual(
      [
        'Array::Copy',
        'Console::Error',
        'Console::Out',
        'Console::OutputEncoding',
        'Console::SetOut',
        'Delegate::CreateDelegate',
        'Diagnostics.Eventing.Reader.PathType::LogName',
        'Diagnostics.Stopwatch::StartNew',
        'Enum::IsDefined',
        'Environment::OSVersion',
        'Globalization.CultureInfo::InvariantCulture',
        'IO.Directory::CreateDirectory',
        'IO.Directory::Exists',
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
        'IO.Path::GetFileName',
        'Net.Dns::GetHostAddresses',
        'Net.IPAddress::TryParse',
        'Net.NetworkInformation.IPGlobalProperties::GetIPGlobalProperties',
        'NullString::Value',
        'Security.AccessControl.FileSystemRights::ReadData',
        'Security.Authentication.SslProtocols::Tls12',
        'Security.Cryptography.X509Certificates.X509ChainStatusFlags::UntrustedRoot',
        'Security.Cryptography.X509Certificates.X509RevocationMode::NoCheck',
        'Security.Principal.WindowsIdentity::GetCurrent',
        'StringComparison::Ordinal',
        'StringComparison::OrdinalIgnoreCase',
        'Text.Encoding::ASCII',
        'Text.Encoding::GetEncoding',
        'TimeSpan::FromSeconds',
        'Uri::EscapeDataString',
        'Uri::TryCreate',
        'UriKind::Absolute',
        'int::MaxValue',
        'powershell::Create',
        'string::Equals',
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
        'IO.StreamWriter',
        'Net.IPAddress',
        'Net.Security.SslStream',
        'Net.Sockets.TcpClient',
        'Security.Cryptography.Oid',
        'Security.Cryptography.X509Certificates.X509Certificate2',
        'Security.Cryptography.X509Certificates.X509Chain',
        'Text.StringBuilder',
        'Text.UTF8Encoding',
        'Threading.CancellationTokenSource',
        'byte[]',
        'regex',
      ].toSorted(),
    );
    expect(
      [...all((each) => each.methods)].filter((name) =>
        /^(?:Invoke|Put|Create|Set(?!Out$)|Start(?!sWith)|Kill|Install|Activate)/.test(name),
      ),
    ).toEqual([]);
  });

  it('is decided by the tree and not by chance: what changes Windows would show', () => {
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
  const order = ['$stream = Connect-Tls $client', '"Authorization: Bearer $token"', '$stream.Write('];
  const places = order.map((part) => text.indexOf(part));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
  expect(text).toContain("$found.Scheme -ne 'https') {\n        throw");
  // The token is in one line, which is sent and never printed.
  const uses = READERS.flatMap((name) => textOf(name).split('\n')).filter((line) => /\$(?:script:)?token\b/.test(line));
  const inert =
    /^(?:Only functions|\$(?:script:)?token = |Token +=|return \$token|if \(\$token -cnotmatch|if \(\$null -eq \$token)|\$token = \$null/;
  expect(uses.map((line) => line.trim()).filter((line) => !inert.test(line))).toEqual([
    '"Authorization: Bearer $token",',
  ]);
});

import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Packages of NuGet, by their names in lower case, with their one version. */
const VERSIONS = {
  powershell: '7.6.9',
  pester: '6.2.0',
  'microsoft.netframework.referenceassemblies.net462': '1.0.3',
  'system.reflection.metadataloadcontext': '10.0.12',
} as const;

export type NugetPackage = keyof typeof VERSIONS;

/** Outside the checkout, so that a clean install need not fetch 60 MB again. */
const FOLDER = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'kmswatch-nuget');
const DEADLINE_MS = 300_000;

/** Where a file of a package stands once it is installed. */
export function nugetFile(name: NugetPackage, path: string): string {
  return join(FOLDER, 'packages', name, VERSIONS[name], path);
}

/** Needs the SDK of .NET, which is no package of Debian, but is on every runner that one can rent. */
export const NUGET_COMMAND = 'KMSWATCH_PEERS=install npm test, where the SDK of .NET 10 is';

/**
 * Has the SDK of .NET fetch these packages. A package is named under its folder once it is whole.
 * @returns the end of the output when it failed, undefined when all went well
 */
export async function installFromNuget(
  names: readonly NugetPackage[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const items = names.map((name) => `<PackageDownload Include="${name}" Version="[${VERSIONS[name]}]" />`);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(
    join(FOLDER, 'packages.csproj'),
    `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup>${items.join('')}</ItemGroup>
</Project>
`,
  );
  return restore(signal);
}

function restore(signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('dotnet', ['restore', '--packages', join(FOLDER, 'packages')], {
      cwd: FOLDER,
      env: { ...process.env, DOTNET_CLI_TELEMETRY_OPTOUT: '1', DOTNET_NOLOGO: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => {
      output += error.message;
    });
    child.on('close', (code) =>
      resolve(code === 0 ? undefined : `dotnet restore: ${output.trim().split('\n').slice(-5).join('\n')}`),
    );
  });
}

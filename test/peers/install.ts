import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { installFromNuget, NUGET_COMMAND, type NugetPackage, nugetFile } from './nuget.ts';

/** A program of others that tests run against, and the package that has it. */
interface PeerPackage {
  /** Of Debian. */
  readonly package?: string;
  /** Where Debian has none. */
  readonly nuget?: NugetPackage;
  /** Where it stands when that is not a folder of programs. */
  readonly file?: string;
  /** The program where it is called otherwise than the peer. */
  readonly program?: string;
}

/** Every peer that a test may name; the one list of what is installed. */
export const PEERS = {
  named: { package: 'bind9' },
  rndc: { package: 'bind9-utils' },
  nsupdate: { package: 'bind9-dnsutils' },
  knotd: { package: 'knot' },
  kdig: { package: 'knot-dnsutils' },
  dnsmasq: { package: 'dnsmasq' },
  impacket: { package: 'python3-impacket', file: '/usr/lib/python3/dist-packages/impacket' },
  smbd: { package: 'samba' },
  'samba-dcerpcd': { package: 'samba', file: '/usr/libexec/samba/samba-dcerpcd' },
  prometheus: { package: 'prometheus' },
  promtool: { package: 'prometheus' },
  'prometheus-blackbox-exporter': { package: 'prometheus-blackbox-exporter' },
  tshark: { package: 'tshark' },
  alertmanager: { package: 'prometheus-alertmanager', program: 'prometheus-alertmanager' },
  amtool: { package: 'prometheus-alertmanager' },
  apache2: { package: 'apache2' },
  mod_auth_gssapi: { package: 'libapache2-mod-auth-gssapi', file: '/usr/lib/apache2/modules/mod_auth_gssapi.so' },
  krb5kdc: { package: 'krb5-kdc' },
  'kadmin.local': { package: 'krb5-admin-server' },
  kinit: { package: 'krb5-user' },
  /** The optional npm package, which `npm ci` builds where the Debian package is. */
  kerberos: {
    package: 'libkrb5-dev',
    file: join(import.meta.dirname, '../../node_modules/kerberos/build/Release/kerberos.node'),
  },
  winrm: { package: 'python3-winrm', file: '/usr/lib/python3/dist-packages/winrm' },
  chromium: { package: 'chromium' },
  curl: { package: 'curl' },
  openssl: { package: 'openssl' },
  strace: { package: 'strace' },
  /** Run by `dotnet`. */
  pwsh: { nuget: 'powershell', file: nugetFile('powershell', 'tools/net10.0/any/unix/pwsh.dll') },
  pester: { nuget: 'pester', file: nugetFile('pester', 'tools/Pester.psd1') },
  /** The assemblies that Windows PowerShell 5.1 has at least, for reading alone. */
  net462: {
    nuget: 'microsoft.netframework.referenceassemblies.net462',
    file: nugetFile('microsoft.netframework.referenceassemblies.net462', 'build/.NETFramework/v4.6.2/mscorlib.dll'),
  },
  'metadata-load-context': {
    nuget: 'system.reflection.metadataloadcontext',
    file: nugetFile('system.reflection.metadataloadcontext', 'lib/net10.0/System.Reflection.MetadataLoadContext.dll'),
  },
} as const satisfies Record<string, PeerPackage>;

export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = Object.keys(PEERS).filter((name): name is PeerName => name in PEERS);

/** Debian keeps daemons where an ordinary user's PATH does not look. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

const POLICY_FILE = '/usr/sbin/policy-rc.d';
/** invoke-rc.d(8): 101 forbids the action, so that no installed daemon starts on its own. */
const POLICY = '#!/bin/sh\n# kmswatch: tests start their peers themselves\nexit 101\n';

/** Another apt may hold the lock, as it does just after a machine came up. */
const LOCK_DEADLINE_MS = 300_000;
const LOCK_RETRY_MS = 5_000;
const LOCKED = /could not get lock|unable to (?:acquire|lock)|is another process using it/i;

/** The path of a peer's program (or of its module), undefined when it is not installed. */
export function findPeer(name: PeerName): string | undefined {
  const { file, program } = peer(name);
  if (file !== undefined) return readable(file, constants.R_OK) ? file : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, program ?? name)).find((path) => readable(path, constants.X_OK));
}

export function missingPeers(): PeerName[] {
  return PEER_NAMES.filter((name) => findPeer(name) === undefined);
}

/** What a person types to get them. */
export function installCommand(names: readonly PeerName[]): string {
  const packages = packagesOf(names);
  const apt = packages.length === 0 ? [] : [`apt-get install --no-install-recommends ${packages.join(' ')}`];
  return [...apt, ...(nugetOf(names).length === 0 ? [] : [NUGET_COMMAND])].join(', and ');
}

/** Peers whose installation needs the rights of root. */
export function needRoot(names: readonly PeerName[]): PeerName[] {
  return names.filter((name) => packagesOf([name]).length > 0);
}

/**
 * Installs the packages of these peers and starts none of their daemons; those of Debian need root.
 * @returns the end of the output when it failed, undefined when all went well
 */
export async function installPeers(names: readonly PeerName[], signal: AbortSignal): Promise<string | undefined> {
  const nuget = nugetOf(names);
  const problem = nuget.length === 0 ? undefined : await installFromNuget(nuget, signal);
  return problem ?? (await installFromDebian(names, signal));
}

async function installFromDebian(names: readonly PeerName[], signal: AbortSignal): Promise<string | undefined> {
  if (packagesOf(names).length === 0) return undefined;
  const before = await readPolicy();
  await writeFile(POLICY_FILE, POLICY, { mode: 0o755 });
  try {
    // An index that cannot be brought up to date may still have all the packages.
    await apt(['update'], signal);
    return await apt(['install', '--yes', '--no-install-recommends', ...packagesOf(names)], signal);
  } finally {
    if (before === undefined) await rm(POLICY_FILE, { force: true });
    else await writeFile(POLICY_FILE, before);
  }
}

/** The policy that stood there before; undefined for none, and for our own, left by a run that was killed. */
async function readPolicy(): Promise<string | undefined> {
  const text = await readFile(POLICY_FILE, 'utf8').catch(() => undefined);
  return text === POLICY ? undefined : text;
}

async function apt(args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const deadline = performance.now() + LOCK_DEADLINE_MS;
  for (;;) {
    const { code, output } = await aptOnce(args, signal);
    if (code === 0) return undefined;
    const tail = output.trim().split('\n').slice(-5).join('\n');
    if (signal.aborted || !LOCKED.test(output) || performance.now() > deadline) return tail;
    process.stdout.write('apt is locked by another program, waiting\n');
    await wait(LOCK_RETRY_MS, undefined, { signal }).catch(() => undefined);
  }
}

function aptOnce(args: readonly string[], signal: AbortSignal): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('apt-get', ['-qq', '-o', 'Dpkg::Use-Pty=0', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGTERM',
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
    child.on('close', (code) => resolve({ code, output }));
  });
}

function packagesOf(names: readonly PeerName[]): string[] {
  return [...new Set(names.flatMap((name) => peer(name).package ?? []))];
}

function nugetOf(names: readonly PeerName[]): NugetPackage[] {
  return [...new Set(names.flatMap((name) => peer(name).nuget ?? []))];
}

function peer(name: PeerName): PeerPackage {
  return PEERS[name];
}

function readable(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

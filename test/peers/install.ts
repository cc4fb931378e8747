import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A program of others that tests run against, and the Debian package that has it. */
interface PeerPackage {
  readonly package: string;
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
  evtxexport: { package: 'libevtx-utils' },
  'python-evtx': { package: 'python3-evtx', file: '/usr/lib/python3/dist-packages/Evtx' },
  chromium: { package: 'chromium' },
  curl: { package: 'curl' },
  openssl: { package: 'openssl' },
  strace: { package: 'strace' },
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
  const peer: PeerPackage = PEERS[name];
  if (peer.file !== undefined) return readable(peer.file, constants.R_OK) ? peer.file : undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const program = peer.program ?? name;
  return folders.map((folder) => join(folder, program)).find((file) => readable(file, constants.X_OK));
}

export function missingPeers(): PeerName[] {
  return PEER_NAMES.filter((name) => findPeer(name) === undefined);
}

/** What a person types to get them. */
export function installCommand(names: readonly PeerName[]): string {
  return `apt-get install --no-install-recommends ${packagesOf(names).join(' ')}`;
}

/**
 * Installs the Debian packages of these peers and starts none of their daemons; needs root.
 * @returns the end of apt's output when it failed, undefined when all went well
 */
export async function installPeers(names: readonly PeerName[], signal: AbortSignal): Promise<string | undefined> {
  if (names.length === 0) return undefined;
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
  return [...new Set(names.map((name) => PEERS[name].package))];
}

function readable(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

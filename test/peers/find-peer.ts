import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import peers from './peers.json' with { type: 'json' };

/** A program of others that tests run against, and the package that has it. */
interface PeerPackage {
  /** Of Debian. */
  readonly package?: string;
  /** Of Debian 13, unpacked beside the system: what Debian 12 does not have, or has an older one of. */
  readonly trixie?: string;
  /** Of NuGet, in lower case, with its version: what Debian does not have. `dotnet` installs it, and runs it. */
  readonly nuget?: string;
  /** The version of the .NET SDK, which `install.sh` does not install: Debian does not have it either. */
  readonly sdk?: string;
  /**
   * Its path, if it is not in a folder of programs. A relative one begins in the package, for a package of NuGet, and
   * for one of Debian 13 where it is unpacked, and otherwise at the top of the repository.
   */
  readonly file?: string;
  /** The program's name, if it differs from the peer's. */
  readonly program?: string;
}

export type PeerName = keyof typeof peers;

/**
 * Every peer that a test may name. peers.json is the one list of everything that is installed: `install.sh` reads it
 * too, before there is a Node that could run this file.
 */
const PEERS: Readonly<Record<PeerName, PeerPackage>> = peers;

export const PEER_NAMES = Object.keys(peers).filter((name): name is PeerName => name in peers);

const ROOT = join(import.meta.dirname, '../..');
/** Where `dotnet restore` keeps packages. */
const NUGET = process.env['NUGET_PACKAGES'] ?? join(homedir(), '.nuget/packages');

/** Where `install.sh` unpacks packages of Debian 13. */
const TRIXIE = '/usr/local/lib/kmswatch-peers/trixie';

/** Debian keeps daemons where an ordinary user's PATH does not look. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a peer's program (or of its module), undefined when it is not installed. */
export function findPeer(name: PeerName): string | undefined {
  const peer = PEERS[name];
  if (peer.file !== undefined) {
    const file = resolve(folderOf(peer), peer.file);
    return readable(file, constants.R_OK) ? file : undefined;
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const program = peer.program ?? name;
  return folders.map((folder) => join(folder, program)).find((file) => readable(file, constants.X_OK));
}

function folderOf({ nuget, trixie }: PeerPackage): string {
  if (nuget !== undefined) return join(NUGET, nuget);
  return trixie === undefined ? ROOT : TRIXIE;
}

/** The same, for one that has to be there. @throws if it is not installed; the message has the command that installs it */
export function peerPath(name: PeerName): string {
  const path = findPeer(name);
  if (path === undefined) throw new Error(`${name} is not installed: ${installCommand([name])}`);
  return path;
}

export function missingPeers(): PeerName[] {
  return PEER_NAMES.filter((name) => findPeer(name) === undefined);
}

/** What a person does to get them: commands, and the address of an SDK. */
export function installCommand(names: readonly PeerName[]): string {
  const peers = names.map((name) => PEERS[name]);
  const packages = new Set(peers.flatMap((peer) => peer.package ?? []));
  const steps = [
    ...new Set(peers.flatMap(({ sdk }) => (sdk === undefined ? [] : `.NET SDK ${sdk} from https://dot.net`))),
    ...(packages.size > 0 ? [`apt-get install --no-install-recommends ${[...packages].join(' ')}`] : []),
    ...(peers.some(({ trixie }) => trixie !== undefined) ? ['test/peers/install.sh, as root on Debian 12'] : []),
    ...(peers.some(({ nuget }) => nuget !== undefined) ? ['test/peers/install.sh, which needs the .NET SDK'] : []),
  ];
  return steps.join('; ');
}

function readable(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

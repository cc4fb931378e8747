import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import peers from './peers.json' with { type: 'json' };

/** A program of others that tests run against, and the Debian package that has it. */
interface PeerPackage {
  readonly package: string;
  /** Its path, if it is not in a folder of programs; a relative one begins at the top of the repository. */
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

/** Debian keeps daemons where an ordinary user's PATH does not look. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a peer's program (or of its module), undefined when it is not installed. */
export function findPeer(name: PeerName): string | undefined {
  const peer = PEERS[name];
  if (peer.file !== undefined) {
    const file = resolve(ROOT, peer.file);
    return readable(file, constants.R_OK) ? file : undefined;
  }
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const program = peer.program ?? name;
  return folders.map((folder) => join(folder, program)).find((file) => readable(file, constants.X_OK));
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

/** The command that a person types to get them. */
export function installCommand(names: readonly PeerName[]): string {
  const packages = new Set(names.map((name) => PEERS[name].package));
  return `apt-get install --no-install-recommends ${[...packages].join(' ')}`;
}

function readable(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

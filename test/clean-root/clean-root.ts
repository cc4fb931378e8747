import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { peerPath } from '../peers/find-peer.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';

const execute = promisify(execFile);

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Each with the variable that names a folder which debootstrap has made before, of which a copy is taken. */
const BASES = { bookworm: 'KMSWATCH_BASE_ROOT', trixie: 'KMSWATCH_TRIXIE_ROOT' } as const;

/** A bare Debian in a folder, 12 unless another is asked for: what `debootstrap --variant=minbase` installs. */
export class CleanRoot {
  readonly path: string;
  readonly #remove: () => Promise<void>;

  static async make(release: keyof typeof BASES = 'bookworm'): Promise<CleanRoot> {
    const folder = await temporaryFolder();
    const path = join(folder.path, 'root');
    const base = process.env[BASES[release]];
    if (base === undefined) {
      await execute(peerPath('debootstrap'), ['--variant=minbase', release, path], { maxBuffer: 1 << 26 });
    } else await execute('cp', ['-a', base, path]);
    // Nothing in it may look for a name server.
    await writeFile(join(path, 'etc/resolv.conf'), '');
    return new CleanRoot(path, folder.remove);
  }

  private constructor(path: string, remove: () => Promise<void>) {
    this.path = path;
    this.#remove = remove;
  }

  remove = (): Promise<void> => this.#remove();

  /** Where a path of the root is outside of it. */
  at = (path: string): string => join(this.path, path);

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), text);
  }

  read = (path: string): Promise<string> => readFile(this.at(path), 'utf8');

  async copyIn(file: string, path: string): Promise<void> {
    await rm(this.at(path), { force: true });
    await cp(file, this.at(path));
  }

  /** Runs a line of the shell in it, as root. */
  run(line: string): Promise<Outcome> {
    return new Promise((resolve) => {
      const [program, ...args] = this.command(['/bin/sh', '-ec', line]);
      const child = spawn(program, args, { env: ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
      child.once('close', (code) => resolve({ code: code ?? -1, output }));
    });
  }

  /** A command of it, with a /proc that goes when the command ends. */
  command(words: readonly string[], user = ''): [string, ...string[]] {
    const enter = `mount -t proc proc "$1/proc" && exec chroot ${user && `--userspec=${user}`} "$@"`;
    return ['unshare', '--mount', 'sh', '-ec', enter, 'sh', this.path, ...words];
  }
}

const ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C.UTF-8',
  HOME: '/root',
  DEBIAN_FRONTEND: 'noninteractive',
};

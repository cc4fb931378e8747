import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { peerPath } from '../peers/find-peer.ts';
import { temporaryFolder } from '../peers/temporary-folder.ts';

const execute = promisify(execFile);

export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/**
 * A Windows as Wine 10 has it, in its own Debian 13: the Wine of Debian 12 cannot run Node 24. `KMSWATCH_WINE_ROOT`
 * is a folder with such a Debian that was made before; it is used as it is, with its own Windows.
 */
export class WineRoot {
  readonly #root: string;
  /** Below the root: what the tests put there, and the disk of the Windows. */
  readonly #place: string;
  readonly #remove: () => Promise<void>;
  #count = 0;

  static async make(): Promise<WineRoot> {
    const given = process.env['KMSWATCH_WINE_ROOT'];
    const folder = given === undefined ? await temporaryFolder() : undefined;
    const root = given ?? join(folder?.path ?? '', 'root');
    if (given === undefined) {
      const args = ['--variant=minbase', '--include=wine,wine64,ca-certificates', 'trixie', root];
      await execute(peerPath('debootstrap'), args, { maxBuffer: 1 << 26 });
    }
    const place = await mkdtemp(join(root, 'kmswatch-'));
    const remove = async () => {
      await rm(place, { recursive: true, force: true });
      await folder?.remove();
    };
    const wine = new WineRoot(root, place, remove);
    await wine.#shell(`${wine.#wine(['wineboot', '--init'])}; wineserver --wait`);
    return wine;
  }

  private constructor(root: string, place: string, remove: () => Promise<void>) {
    this.#root = root;
    this.#place = place;
    this.#remove = remove;
  }

  async remove(): Promise<void> {
    await this.#shell('wineserver --kill; wineserver --wait');
    await this.#remove();
  }

  /** Where a path of Windows is outside of it: that of drive C, or of a file of the tests. */
  at(path: string): string {
    const [drive, ...parts] = path.split('\\');
    return drive === 'C:' ? join(this.#place, 'prefix/drive_c', ...parts) : join(this.#place, ...parts.slice(1));
  }

  /** The path of Windows of a file of the tests. */
  own(...parts: readonly string[]): string {
    return ['Z:', basename(this.#place), ...parts].join('\\');
  }

  async write(path: string, text: string): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), text);
  }

  read = (path: string): Promise<string> => readFile(this.at(path), 'utf8');

  /** Runs a program. Its output goes to a file: Wine gives a Node no pipe that it could write to. */
  async run(words: readonly string[]): Promise<Outcome> {
    const file = `output-${++this.#count}.txt`;
    const code = await this.#shell(`${this.#wine(words)} >"$PLACE/${file}" 2>&1`);
    return { code, output: (await readFile(join(this.#place, file), 'utf8')).replace(/^error: XDG_.*\n/m, '') };
  }

  #wine(words: readonly string[]): string {
    return ['wine', ...words].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  }

  #shell(line: string): Promise<number> {
    const enter = 'mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; exec chroot "$1" /bin/sh -c "$2"';
    const place = `/${basename(this.#place)}`;
    const env = {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: place,
      PLACE: place,
      WINEPREFIX: `${place}/prefix`,
      WINEDEBUG: '-all',
    };
    return new Promise((resolve) => {
      const child = spawn('unshare', ['--mount', 'sh', '-ec', enter, 'sh', this.#root, line], { env, stdio: 'ignore' });
      child.once('close', (code) => resolve(code ?? -1));
    });
  }
}

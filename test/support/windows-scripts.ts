import { readdirSync, readFileSync } from 'node:fs';
import { PowerShell, type Script } from './powershell.ts';

const FOLDER = new URL('../../config/', import.meta.url);

/** Every script of PowerShell that comes with kmswatch, by its path below `config`. */
export const SCRIPTS: readonly string[] = ['windows', 'shippers'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, FOLDER))
    .filter((name) => name.endsWith('.ps1'))
    .map((name) => `${folder}/${name}`),
);

/** Those that run on KMS hosts. */
export const OURS = SCRIPTS.filter((name) => name.startsWith('windows/'));

/** Those of the installer, which change Windows; the task runs none of them. */
export const INSTALLER: readonly string[] = ['agent-task', 'change', 'install', 'install-agent', 'rights', 'task'].map(
  (name) => `windows/${name}.ps1`,
);

/** Those that the task, the command and the import run: they only read. */
export const READERS = OURS.filter((name) => !INSTALLER.includes(name));

export function textOf(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** The scripts as their grammar reads them. */
export class WindowsScripts {
  readonly powershell: PowerShell;
  readonly #scripts: ReadonlyMap<string, Script>;

  static async read(): Promise<WindowsScripts> {
    return new WindowsScripts(await PowerShell.load());
  }

  private constructor(powershell: PowerShell) {
    this.powershell = powershell;
    this.#scripts = new Map(SCRIPTS.map((name) => [name, powershell.read(textOf(name))]));
  }

  script = (name: string): Script => {
    const found = this.#scripts.get(name);
    if (found === undefined) throw new Error(`there is no ${name}`);
    return found;
  };

  /** What the scripts for hosts do, or some of them, taken together. */
  all = (what: (script: Script) => readonly string[], among: readonly string[] = OURS): ReadonlySet<string> =>
    new Set(among.flatMap((name) => what(this.script(name))));
}

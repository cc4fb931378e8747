import { commitTime, runKmswatch, VERSION } from './run.ts';

interface Help {
  readonly command: string;
  readonly text: string;
}

/** kmswatch(1), in roff, from the help of every command. */
export async function manPage(program: string): Promise<string> {
  const help = (command: string) => runKmswatch(program, ...command.split(' ').filter(Boolean), '--help');
  const root = await help('');
  const all: Help[] = [];
  for (const command of commandsIn(root)) all.push(...(await tree(command, help)));
  const day = new Date(Number(await commitTime()) * 1000).toISOString().slice(0, 10);
  return [
    `.TH KMSWATCH 1 "${day}" "kmswatch ${VERSION}" "User Commands"`,
    '.SH NAME',
    'kmswatch \\- watch Microsoft KMS hosts for Prometheus',
    '.SH SYNOPSIS',
    '.B kmswatch',
    '.RI [ command ]\n.RI [ options ]',
    '.SH DESCRIPTION',
    'The agent polls the KMS hosts of an organisation, remembers every client in its log, and serves metrics, pages and',
    'alerts. It never sends an activation request. Without a command the agent runs.',
    '.SH COMMANDS',
    ...all.map(section),
    '.SH FILES',
    entry('/etc/kmswatch/kmswatch.yml', 'The configuration, if it exists and no other is given.'),
    entry('/var/lib/kmswatch/kmswatch.db', 'The database.'),
    '',
  ].join('\n');
}

/** A command and its own commands; one that has some does nothing by itself. */
async function tree(command: string, help: (command: string) => Promise<string>): Promise<Help[]> {
  const text = await help(command);
  const below = commandsIn(text);
  if (below.length === 0) return [{ command, text }];
  return (await Promise.all(below.map((name) => tree(`${command} ${name}`, help)))).flat();
}

function commandsIn(text: string): string[] {
  return pairs(text, 'Commands')
    .flatMap(([name]) => name.split(' ')[0] ?? [])
    .filter((name) => name !== 'help');
}

function section({ command, text }: Help): string {
  const usage = /^Usage: (.*)$/m.exec(text)?.[1] ?? `kmswatch ${command}`;
  const about = /^Usage: .*\n\n([\s\S]*?)(?:\n\n|\n*$)/.exec(text)?.[1] ?? '';
  const options = [...pairs(text, 'Arguments'), ...pairs(text, 'Options')].filter(([name]) => !name.includes('--help'));
  return [`.SS ${plain(usage)}`, plain(about), ...options.map(([name, what]) => entry(name, what))].join('\n');
}

/** The rows of one of Commander's lists: two blanks, a term, its description, which may go on in the next lines. */
function pairs(text: string, list: string): [string, string][] {
  const [, body = ''] = new RegExp(`^${list}:\\n((?: .*\\n?)*)`, 'm').exec(text) ?? [];
  const rows = body.replaceAll(/\n {4,}/g, ' ').split('\n');
  return rows.flatMap((row) => {
    const [, term, what = ''] = /^ {2}(\S.*?)(?: {2,}(.*))?$/.exec(row) ?? [];
    return term === undefined ? [] : [[term, what] satisfies [string, string]];
  });
}

function entry(term: string, what: string): string {
  return `.TP\n.B ${plain(term)}\n${plain(what)}`;
}

/** No line of text may look like a request, and a hyphen of an option is no dash. */
function plain(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(?=[.'])/gm, '\\&');
}

import { flat, type TreeCommand, type TreeOption, type Value } from './command-tree.ts';

/** Completion for fish. https://fishshell.com/docs/current/completions.html */
export function fishCompletion(root: TreeCommand): string {
  const all = flat(root);
  const paths = all.filter(({ path }) => path.length > 0).map(({ path }) => `'${path.join(' ')}'`);
  return `# Completion of kmswatch for fish.
function __kmswatch_at
    set -l at ''
    for word in (commandline -opc)[2..]
        set -l next (string trim -- "$at $word")
        if contains -- $next ${paths.join(' ')}
            set at $next
        end
    end
    test "$at" = "$argv"
end
complete -c kmswatch -f
${all.flatMap(lines).join('\n')}
`;
}

function lines({ path, options, commands, argument }: TreeCommand): string[] {
  const at = `complete -c kmswatch -n '__kmswatch_at ${path.join(' ')}'`;
  return [
    ...commands.map((each) => `${at} -a ${each.path.at(-1)} -d ${quoted(each.about)}`),
    ...options.map((option) => `${at} ${optionWords(option)}`),
    ...(argument === undefined || argument === 'text' ? [] : [`${at} ${valueWords(argument)}`]),
  ];
}

function optionWords({ names, about, value }: TreeOption): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  return `${flags.join(' ')} ${value === undefined ? '' : `-r ${valueWords(value)} `}-d ${quoted(about)}`;
}

function valueWords(value: Value): string {
  if (value === 'text') return '-f';
  return value === 'file' ? '-F' : `-f -a '${value.join(' ')}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}

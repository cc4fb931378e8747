import { flat, type TreeCommand, type Value } from './command-tree.ts';

/** Completion for bash, which needs no package beside it. https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html */
export function bashCompletion(root: TreeCommand): string {
  const all = flat(root);
  const below = all.filter(({ path }) => path.length > 0).map(({ path }) => `'${path.join(' ')}'`);
  return `# Completion of kmswatch for bash.
_kmswatch() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at='' word words='' i
  # --format=json is three words to bash.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="$at \${COMP_WORDS[i]}"
    case "\${word# }" in
      ${below.join(' | ')}) at=\${word# } ;;
    esac
  done
  case "$at $prev" in
${all.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur != -* ]]; then
    case "$at" in
${all.flatMap(argumentCase).join('\n')}
    esac
  fi
  case "$at" in
${all.map(wordsCase).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _kmswatch kmswatch
`;
}

function valueCases({ path, options }: TreeCommand): string[] {
  return options.flatMap(({ names, value }) => {
    if (value === undefined) return [];
    const patterns = names.map((name) => `'${path.join(' ')} ${name}'`).join(' | ');
    return [`    ${patterns}) ${offer(value)} ;;`];
  });
}

/** Commands and options are offered below, unless a value is meant. */
function argumentCase({ path, argument }: TreeCommand): string[] {
  return argument === undefined ? [] : [`      '${path.join(' ')}') ${offer(argument)} ;;`];
}

function offer(value: Value): string {
  if (value === 'text') return 'return';
  const words = value === 'file' ? '-f' : `-W '${value.join(' ')}'`;
  return `${value === 'file' ? 'compopt -o filenames; ' : ''}COMPREPLY=($(compgen ${words} -- "$cur")); return`;
}

function wordsCase({ path, options, commands }: TreeCommand): string {
  const words = [...commands.map((each) => each.path.at(-1)), ...options.flatMap(({ names }) => names)];
  return `    '${path.join(' ')}') words='${words.join(' ')}' ;;`;
}

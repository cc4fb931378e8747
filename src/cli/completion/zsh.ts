import { flat, type TreeCommand, type TreeOption, type Value } from './command-tree.ts';

/** Completion for zsh: a file `_kmswatch` in a folder of `$fpath`. https://zsh.sourceforge.io/Doc/Release/Completion-System.html */
export function zshCompletion(root: TreeCommand): string {
  return `#compdef kmswatch
# Completion of kmswatch for zsh.
${flat(root).toReversed().map(functionOf).join('\n')}
if [[ $funcstack[1] == _kmswatch ]]; then
  _kmswatch "$@"
else
  compdef _kmswatch kmswatch
fi
`;
}

function functionOf(command: TreeCommand): string {
  const { commands } = command;
  return commands.length === 0 ? leaf(command) : group(command);
}

function leaf({ path, options, argument }: TreeCommand): string {
  const specs = [...options.map(optionSpec), ...(argument === undefined ? [] : [`'*:argument:${action(argument)}'`])];
  return `${nameOf(path)}() {
  _arguments \\
    ${specs.join(' \\\n    ')}
}`;
}

function group({ path, options, commands }: TreeCommand): string {
  const rows = commands.map(({ path: own, about }) => `${own.at(-1)}:${about}`.replaceAll("'", "'\\''"));
  return `${nameOf(path)}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
    ${rows.map((row) => `'${row}'`).join('\n    ')}
  )
  _arguments -C \\
    ${options.map(optionSpec).join(' \\\n    ')} \\
    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
        ${commands.map(({ path: own }) => `${own.at(-1)}) ${nameOf(own)} ;;`).join('\n        ')}
      esac
      ;;
  esac
}`;
}

function nameOf(path: readonly string[]): string {
  return ['_kmswatch', ...path].join('_');
}

/** `_arguments` takes brackets and colons of a description for its own, and the shell an apostrophe. */
function optionSpec({ names, about, value }: TreeOption): string {
  const text = about.replaceAll(/[\\[\]:]/g, '\\$&').replaceAll("'", "'\\''");
  const what = value === undefined ? '' : `:value:${action(value)}`;
  const [first = '', ...others] = names;
  // One of several names of the same option excludes the others.
  if (others.length > 0) return `'(${names.join(' ')})'{${names.join(',')}}'[${text}]${what}'`;
  // With `=`, the value may also be a separate word.
  return `'*${first}${value === undefined ? '' : '='}[${text}]${what}'`;
}

function action(value: Value): string {
  if (value === 'text') return ' ';
  return value === 'file' ? '_files' : `(${value.join(' ')})`;
}

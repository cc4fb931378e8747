import type { Argument, Command, Option } from 'commander';

/** What may come after an option, or in the place of an argument: words, a file, or a text that nobody can guess. */
export type Value = readonly string[] | 'file' | 'text';

export interface TreeOption {
  /** `--format`, and `-h` where there is one. */
  readonly names: readonly string[];
  readonly about: string;
  /** Undefined if it takes no value. */
  readonly value: Value | undefined;
}

/** A command as a shell has to know it. */
export interface TreeCommand {
  /** The words after `kmswatch`: `[]` for the program itself. */
  readonly path: readonly string[];
  readonly about: string;
  readonly options: readonly TreeOption[];
  /** What its arguments are; undefined if it has none. */
  readonly argument: Value | undefined;
  readonly commands: readonly TreeCommand[];
}

/** The commands with their options, as their help has them. */
export function commandTree(command: Command, path: readonly string[] = []): TreeCommand {
  const help = command.createHelp();
  const [argument] = command.registeredArguments;
  // Commander's own `help` says what --help says.
  const commands = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  return {
    path,
    about: command.description(),
    options: help.visibleOptions(command).map(optionOf),
    argument: argument && valueFor(argument, argument.name()),
    commands: commands.map((each) => commandTree(each, [...path, each.name()])),
  };
}

/** A command and all below it, each before its own. */
export function flat(command: TreeCommand): readonly TreeCommand[] {
  return [command, ...command.commands.flatMap(flat)];
}

function optionOf(option: Option): TreeOption {
  const takes = option.required || option.optional;
  return {
    names: [option.long, option.short].filter((name) => name !== undefined && name !== null),
    about: option.description,
    value: takes ? valueFor(option, /[<[]([^\]>]*)/.exec(option.flags)?.[1] ?? '') : undefined,
  };
}

/** @param name of the value in the help; each file is called so */
function valueFor({ argChoices }: Option | Argument, name: string): Value {
  return argChoices ?? (/^file\b/.test(name) ? 'file' : 'text');
}

/** Names by which other exporters call options of this program. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '--config.file': '--config',
  '--web.listen-address': '--web.listen',
};

/** The command line with the program's own names of options. */
export function ownNames(args: readonly string[]): readonly string[] {
  return args.map((arg) => {
    const [name = '', ...value] = arg.split('=');
    const own = OTHER_NAMES[name];
    return own === undefined ? arg : [own, ...value].join('=');
  });
}

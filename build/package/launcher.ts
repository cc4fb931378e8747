/** The command: the program by its own Node. `folder` is read by the shell. */
export const LAUNCHER = (folder: string): string => `#!/bin/sh
lib=${folder}
exec "$lib/node" "$lib/bin/kmswatch.cjs" "$@"
`;

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './run.ts';

/**
 * The unit of the package: that of config/kmswatch.service, with the package's own program and user.
 * @throws if a line that it replaces is not there
 */
export async function packageUnit(command: string): Promise<string> {
  let text = await readFile(join(ROOT, 'config/kmswatch.service'), 'utf8');
  const replace = (line: RegExp, by: string) => {
    if (!line.test(text)) throw new Error(`config/kmswatch.service has no line ${line}`);
    text = text.replace(line, by);
  };
  // How to install the file, and what its user can read, is different here.
  replace(/^(?:#.*\n|\n)+(?=\[Unit\])/, '');
  replace(/^# Node itself.*\n/m, '# Node itself, without a shell in between, so that signals reach the agent.\n');
  replace(/^ExecStart=.*$/m, `ExecStart=${command}`);
  replace(/^\[Unit\]\n/m, '[Unit]\nDocumentation=man:kmswatch(1)\n');
  replace(/^DynamicUser=yes$/m, 'User=kmswatch\nGroup=kmswatch');
  return text;
}

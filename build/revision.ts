import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The commit that is built: as a packager says in `REVISION`, else as git knows it, else `unknown`. */
export async function revision(root: string): Promise<string> {
  const said = process.env['REVISION'];
  if (said !== undefined && said !== '') return said;
  try {
    const { stdout } = await promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd: root });
    return stdout.trim();
  } catch {
    return 'unknown';
  }
}

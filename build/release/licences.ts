import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { licenceOf } from '../licences.ts';
import { nodeLicence } from '../package/program.ts';
import { ROOT } from '../package/run.ts';

/** The licences of all that the packages bring: of what is in the bundle, as its own list has them, of `kerberos`, and of Node. */
export async function allLicences(): Promise<string> {
  const bundled = await readFile(join(ROOT, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  // Its first line is about its own folder.
  const list = bundled.slice(bundled.indexOf('-'.repeat(80)));
  const kerberos = await licenceOf(join(ROOT, 'node_modules/kerberos'));
  const node = `${'-'.repeat(80)}\nnode ${process.versions.node} (MIT and others)\n\n${await readFile(await nodeLicence(), 'utf8')}`;
  return `The packages of kmswatch hold code of these.\n\n${[list, kerberos, node].join('\n')}`;
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({
  name: z.string(),
  version: z.string(),
  license: z.string(),
  author: z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)]).optional(),
});

const PACKAGE_FOLDER = /^\/.*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(licen[cs]e|copying)(\.|-|$)/i;

/**
 * Name, version and licence of every package that is in the bundle: most licences ask for it.
 * @param modules paths of the files that were bundled
 */
export async function licencesOf(modules: readonly string[]): Promise<string> {
  const folders = new Set(modules.flatMap((id) => PACKAGE_FOLDER.exec(id)?.[0] ?? []));
  const texts = await Promise.all([...folders].sort().map(licenceOf));
  return `The files of this folder hold code of these packages.\n\n${texts.join('\n')}`;
}

/** Its name, version and licence, with the text of it. @param folder of a package */
export async function licenceOf(folder: string): Promise<string> {
  const manifest = Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  const file = (await readdir(folder)).find((name) => LICENCE_FILE.test(name));
  const by = manifest.author === undefined ? '' : `, by ${manifest.author}`;
  const text = file === undefined ? '' : `\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
  return `${'-'.repeat(80)}\n${manifest.name} ${manifest.version} (${manifest.license}${by})\n${text}`;
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, VERSION } from '../package/run.ts';

/**
 * The section of the changelog for the version of package.json.
 * @param isSnapshot whether "Unreleased" will do
 * @throws if there is no section, or an empty one
 */
export async function releaseNotes(isSnapshot: boolean): Promise<string> {
  const changelog = await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8');
  const sections = new Map(
    changelog.split(/^## /m).map((text) => {
      const end = text.indexOf('\n');
      return [text.slice(0, end).split(' ')[0] ?? '', text.slice(end).trim()];
    }),
  );
  const found = sections.get(VERSION) ?? (isSnapshot ? sections.get('Unreleased') : undefined);
  if (found === undefined || found === '') {
    throw new Error(`CHANGELOG.md has no section ${VERSION}, the version of package.json (RELEASING.md, step 4)`);
  }
  return `# kmswatch ${VERSION}\n\n${found}\n`;
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';

/** The one file of this kind among those that build-once.ts has made. */
export async function builtFile(ending: string): Promise<string> {
  const folder = inject('out');
  const [name, ...others] = (await readdir(folder)).filter((each) => each.endsWith(ending));
  if (name === undefined || others.length > 0) throw new Error(`${folder} has not one *${ending}`);
  return join(folder, name);
}

import type { Finding } from './issues.ts';
import type { Path } from './mistakes.ts';
import { tryFile } from './named-files.ts';

/** Opens each file that a configuration names, but for that of `web`, which has its own check. */
export async function uselessFiles(config: object): Promise<readonly Finding[]> {
  const tried = [...filesIn(config, [])].map(async ([path, file]): Promise<readonly Finding[]> => {
    const read = await tryFile(file, String(path.at(-1)));
    return read.ok ? [] : [{ path, part: 'value', message: read.error }];
  });
  return (await Promise.all(tried)).flat();
}

function* filesIn(value: object, above: Path): Iterable<readonly [path: Path, file: string]> {
  for (const [key, inner] of Object.entries(value)) {
    const path = [...above, Array.isArray(value) ? Number(key) : key];
    if (typeof inner === 'object' && inner !== null) yield* filesIn(inner, path);
    else if (typeof inner === 'string' && key.endsWith('_file') && above[0] !== 'web') yield [path, inner];
  }
}

import { readFileSync } from 'node:fs';

/** From `package.json`, two folders up in the source as well as in the published package. */
export const VERSION = readVersion(new URL('../../package.json', import.meta.url));

function readVersion(url: URL): string {
  const manifest: { version?: unknown } = JSON.parse(readFileSync(url, 'utf8'));
  return String(manifest.version);
}

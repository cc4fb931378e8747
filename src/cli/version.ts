import { readFileSync } from 'node:fs';

/** From `package.json`, which stands two folders up from source as well as from the published package. */
export const VERSION = readVersion(new URL('../../package.json', import.meta.url));

function readVersion(url: URL): string {
  const manifest: { version?: unknown } = JSON.parse(readFileSync(url, 'utf8'));
  return String(manifest.version);
}

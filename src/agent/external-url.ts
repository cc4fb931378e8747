import type { Config } from '../config/schema.ts';

/**
 * Where the agent's pages are for somebody who reads a notification, as well as the agent can tell.
 * @param hostname of this machine
 */
export function externalUrl({ web }: Config, hostname: string): string {
  const [first] = web.listen;
  return `${web.config_file === undefined ? 'http' : 'https'}://${hostname}:${first?.port ?? 11688}/`;
}

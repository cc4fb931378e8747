/**
 * The HTTP client of undici, and nothing else of it: with its fetch, web sockets and caches the package takes 19 MB of
 * memory, these parts 7. They are not its public face, so `package.json` lets nothing but patch releases in.
 */
import type { Dispatcher } from 'undici';
import request from 'undici/lib/api/api-request.js';
import errors from 'undici/lib/core/errors.js';
import Client from 'undici/lib/dispatcher/client.js';

export { Client };
export const { HTTPParserError } = errors;

export function send(
  client: InstanceType<typeof Client>,
  options: Dispatcher.RequestOptions,
): Promise<Dispatcher.ResponseData> {
  return request.call(client, options);
}

import { err, ok, type Result } from '../kernel/result.ts';
import { parseUrl } from './parse-url.ts';

/**
 * Reads the address by which others reach the agent.
 * @returns it with a slash at its end, so that paths can follow; or an error message
 */
export function parseExternalUrl(text: string): Result<string, string> {
  const parsed = parseUrl(text, ['https', 'http']);
  if (!parsed.ok) return parsed;
  const { username, password, search, hash, href } = new URL(text);
  if (username !== '' || password !== '') return err('must not have a user name or password in it');
  if (search !== '' || hash !== '')
    return err("must not have a '?' or '#': expected https://HOST/ or https://HOST/PATH/");
  return ok(href.endsWith('/') ? href : `${href}/`);
}

/** Letters and digits of a path, with nothing that a URL would have to escape. */
const PATH = /^(?:\/[A-Za-z0-9._~-]+)+$/;

/** First parts of paths where another page is, or may be one day. */
const TAKEN = new Set(
  '- api assets clients clones config forecast keys leases machines probe report runbooks sd'.split(' '),
);

/**
 * Reads the path of the metrics.
 * @returns it as it is; or an error message
 */
export function parseTelemetryPath(text: string): Result<string, string> {
  if (!PATH.test(text)) return err(`expected a path such as /metrics, of letters, digits and . _ ~ -, found '${text}'`);
  const [, first = ''] = /^\/([^/.]*)/.exec(text) ?? [];
  return TAKEN.has(first) ? err(`there is another page at '/${first}': expected a path such as /metrics`) : ok(text);
}

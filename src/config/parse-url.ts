import { err, ok, type Result } from '../kernel/result.ts';

/** @returns the text, if it is an absolute URL of one of the schemes; or an error message, which does not have the text in it */
export function parseUrl(text: string, schemes: readonly string[]): Result<string, string> {
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !schemes.includes(parsed.protocol.slice(0, -1)) || parsed.hostname === '') {
    return err(`not a URL: expected ${schemes.map((scheme) => `${scheme}://HOST/...`).join(' or ')}`);
  }
  return ok(text);
}

export function parseWebhookUrl(text: string): Result<string, string> {
  return parseUrl(text, ['https', 'http']);
}

export function parseProxyUrl(text: string): Result<string, string> {
  return parseUrl(text, ['http', 'https']);
}

import type { IncomingMessage } from 'node:http';

/** Where the routes are that anybody may ask. */
export interface PublicPaths {
  /** The path of `web.external_url`, with a slash at its end: `/`, `/kms/`. */
  readonly root: string;
  /** `web.telemetry_path`. */
  readonly telemetry: string;
}

const METRICS = '/metrics';
/** Nothing is there. */
const NOWHERE = '/-/nowhere';

/**
 * The route that is meant. A proxy may pass on the path of `web.external_url`, or take it away: both ways lead to the
 * same route, and so does the address of the agent itself.
 */
export function routedUrl({ url = '/' }: Pick<IncomingMessage, 'url'>, { root, telemetry }: PublicPaths): string {
  const inner = root !== '/' && url.startsWith(root) ? url.slice(root.length - 1) : url;
  if (telemetry === METRICS) return inner;
  const [path = ''] = inner.split('?', 1);
  if (path === telemetry) return METRICS + inner.slice(path.length);
  return path === METRICS ? NOWHERE : inner;
}

/** Whether somebody asks for the root without the slash at its end, from where no relative link would lead to a page. */
export function lacksSlash({ url = '/' }: Pick<IncomingMessage, 'url'>, { root }: PublicPaths): boolean {
  return root !== '/' && url.split('?', 1)[0] === root.slice(0, -1);
}

/**
 * The way from a route's URL up to the root, as links need it that work below any path: `./` or `../../`.
 * @param url of the route, as it is after `routedUrl`
 */
export function wayUp(url: string): string {
  const [path = '/'] = url.split('?', 1);
  const depth = path.split('/').length - 2;
  return depth <= 0 ? './' : '../'.repeat(depth);
}

import { DAY_S } from '../kernel/time.ts';

/** 0xC004F042: the host's keys do not cover the product. */
export const NOT_COVERED = 0xc004f042;

/** The requests looked at, before now. */
export const REFUSED_WINDOW = DAY_S;
/** One refused request may be a mishap, and one refused client may be misconfigured. */
export const REFUSED_AT_LEAST = 2;

/**
 * Whether a host refuses a product as its keys do not cover it: every one of at least two requests in 24 hours was refused so,
 * or every request of at least two clients. Releases that share an activation id make the second differ from the first.
 * @param requests of the product at the host in those 24 hours
 */
export function isRefused(requests: readonly { readonly clientId: string; readonly hresult: number }[]): boolean {
  const others = requests.filter(({ hresult }) => hresult !== NOT_COVERED);
  if (others.length === 0) return requests.length >= REFUSED_AT_LEAST;
  const served = new Set(others.map(({ clientId }) => clientId));
  const refused = new Set(requests.map(({ clientId }) => clientId).filter((clientId) => !served.has(clientId)));
  return refused.size >= REFUSED_AT_LEAST;
}

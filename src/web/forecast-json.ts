import { rfc3339OfSeconds } from '../kernel/time.ts';
import type { Forecast } from '../store/queries.ts';

/** `census[0]` is now, `census[n]` is n days ahead; `ends[n - 1]` are the leases that end within the n-th day. */
export function forecastJson({ asOf, days, without, stopping, hosts }: Forecast) {
  return {
    as_of: rfc3339OfSeconds(asOf),
    days,
    without,
    stopping,
    hosts: hosts.map(({ host, cls, pool, count, threshold, breach, census, ends }) => ({
      host,
      class: cls,
      pool,
      count,
      threshold,
      breach: breach === null ? null : rfc3339OfSeconds(breach),
      census,
      ends,
    })),
  };
}

import { hostNameOfRecord } from '../../kernel/host-name.ts';
import { failedRatio } from '../../leases/failing.ts';
import { resultOf } from '../../products/activation-result.ts';
import { poolOf } from '../../products/product.ts';
import type { Aggregates, AskedProduct, RequestCount } from '../aggregates.ts';
import { CLASSES, classOf } from '../database/numbering.ts';
import type { State } from '../leases/state.ts';

/** The result of a request that was refused for the clock of its client. */
const WRONG_TIME = resultOf(0xc004f06c);

type RequestAggregates = Pick<
  Aggregates,
  'requests' | 'requestsLastHour' | 'failedRatios' | 'refused' | 'products' | 'unknownProducts'
>;

/** What is asked for, and how it is answered. @param now seconds since the epoch */
export function countRequests(state: State, now: number): RequestAggregates {
  const { names, catalogue, productUse } = state;
  const hour = lastHour(state, now);
  const asked = [...productUse.asked(now)];
  const productOf = (no: number): AskedProduct => {
    const activationId = names.products.name(no);
    return { activationId, product: catalogue.nameOf(activationId) };
  };
  const refused = asked.filter(({ isRefused }) => isRefused);
  const aside = new Set(refused.map(({ host, product }) => `${host} ${product}`));
  return {
    requests: requestsOf(state),
    requestsLastHour: perResult(state, hour),
    failedRatios: failedRatios(
      state,
      hour.filter(({ host, product }) => !aside.has(`${host} ${product}`)),
    ),
    refused: refused.map(({ host, product, cls }) => ({
      host: names.hosts.name(host),
      cls: classOf(cls),
      ...productOf(product),
    })),
    products: [...new Set(asked.map(({ product }) => product))].map(productOf),
    unknownProducts: [...names.products.entries()].filter(([, id]) => !catalogue.isNamed(id)).length,
  };
}

/** Requests of the last hour that have all of this in common. */
interface HourSum {
  readonly host: number;
  readonly cls: RequestCount['cls'];
  readonly product: number;
  readonly result: string;
  readonly count: number;
}

function lastHour({ lastHour }: State, now: number): HourSum[] {
  return [...lastHour.sums(now)].map(([key, count]) => {
    const [host, cls = '', product, result = ''] = key.split(' ');
    return { host: Number(host), cls: classNamed(cls), product: Number(product), result, count };
  });
}

function perResult({ names }: State, hour: readonly HourSum[]): RequestCount[] {
  return [...Map.groupBy(hour, ({ host, cls, result }) => `${host} ${cls} ${result}`).values()].flatMap((alike) => {
    const [one] = alike;
    if (one === undefined) return [];
    return [{ host: names.hosts.name(one.host), cls: one.cls, result: one.result, count: sum(alike) }];
  });
}

function failedRatios({ names }: State, hour: readonly HourSum[]): Aggregates['failedRatios'] {
  const poolNamed = ({ cls }: HourSum) => poolOf(cls) ?? 'none';
  return [...Map.groupBy(hour, (one) => `${one.host} ${poolNamed(one)}`).values()].flatMap((own) => {
    const [one] = own;
    const failed = own.filter(({ result }) => result !== 'ok');
    const ratio = failedRatio(sum(own), sum(failed));
    if (one === undefined || ratio === undefined) return [];
    const isClock = failed.every(({ result }) => result === WRONG_TIME);
    const failures = [...Map.groupBy(failed, ({ result }) => result)]
      .map(([result, alike]) => ({ result, count: sum(alike) }))
      .sort((a, b) => b.count - a.count || (a.result < b.result ? -1 : 1));
    return [{ host: names.hosts.name(one.host), pool: poolNamed(one), ratio, isClock, failures }];
  });
}

function sum(counts: readonly HourSum[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

/** Under the host's one name, as arrivals were counted under the name of the time. */
function requestsOf({ counters, settings }: State): RequestCount[] {
  const sums = new Map<string, RequestCount>();
  for (const [[host = '', cls = '', result = ''], count] of counters.of('requests')) {
    const name = hostNameOfRecord(settings.aliases[host] ?? host);
    const key = `${name} ${cls} ${result}`;
    const before = sums.get(key)?.count ?? 0;
    sums.set(key, { host: name, cls: classNamed(cls), result, count: before + count });
  }
  return [...sums.values()];
}

function classNamed(name: string): RequestCount['cls'] {
  return CLASSES.find((cls) => cls === name) ?? 'unknown';
}

import { DAY_S } from '../../kernel/time.ts';
import type { LogRecord } from './log-record.ts';
import type { ListedMachine } from './machine.ts';
import { type FleetPlan, isDuring } from './plan.ts';
import { type FleetReport, reportOf } from './report.ts';
import { Simulation } from './simulation.ts';

export interface FleetOptions {
  /** The same seed, start and plan give the same fleet. */
  readonly seed: string;
  /** Whole seconds since the epoch: day 0 of the plan. */
  readonly start: number;
  readonly plan: FleetPlan;
}

/** A record of `_vlmcs._tcp.<domain>`. */
export interface PublishedHost {
  readonly domain: string;
  readonly host: string;
  readonly priority: number;
}

/**
 * A simulated organisation, as far as its KMS hosts' logs, reports and DNS records show it. It is a function of its
 * options and of time alone, and goes on for ever. No activation is ever asked for or answered: it only writes records.
 */
export interface Fleet {
  readonly start: number;
  readonly plan: FleetPlan;
  /**
   * The records of [from, to) in order of time, made while they are read. Going on where the last call ended costs only
   * what happens in between; going back starts the simulation again.
   * @param from whole seconds since the epoch, as `to`
   */
  records(from: number, to: number): Iterable<LogRecord>;
  /** What a host says of itself at a time; undefined when it is down, not there, or before the start. */
  reportOf(host: string, time: number): FleetReport | undefined;
  /** What an inventory has at a time: each machine that there is or was, even if it is gone. */
  listed(time: number): readonly ListedMachine[];
  /** What DNS has at a time. */
  published(time: number): readonly PublishedHost[];
  /** What the second name server of each domain has. */
  publishedBySecond(time: number): readonly PublishedHost[];
  /** Whether a name server gives an address for the name of a host, or says that it has none. */
  isAnswered(host: string, time: number): boolean;
  /** Whether a host answers at a time. */
  isUp(host: string, time: number): boolean;
}

/** @throws RangeError when the start is not whole */
export function createFleet({ seed, start, plan }: FleetOptions): Fleet {
  if (!Number.isSafeInteger(start)) throw new RangeError('the start of a fleet is in whole seconds');
  const begin = (): Simulation => new Simulation(plan, seed, start);
  // A reader takes the simulation away and brings it back, so that two who read by turns do not disturb each other.
  let parked: Simulation | undefined;
  let reporting = begin();
  const reportedAt = (time: number): Simulation => {
    if (reporting.time > time) reporting = begin();
    while (reporting.next <= time) reporting.act();
    return reporting;
  };
  const dnsAt = (time: number) => (isDuring(plan.dns, (time - start) / DAY_S) ? plan.dns : undefined);
  const published = (time: number): readonly PublishedHost[] => {
    const own = plan.sites.flatMap(({ domain, hosts }) =>
      hosts
        .filter(({ name }) => reporting.host(name)?.isPublished(time))
        .map(({ name, priority }) => ({ domain, host: name, priority })),
    );
    const dns = dnsAt(time);
    if (dns?.kind !== 'unresolved') return own;
    return [...own, ...dns.domains.map((domain) => ({ domain, host: dns.host, priority: 0 }))];
  };
  return {
    start,
    plan,
    *records(from, to) {
      const simulation = parked !== undefined && parked.time < from ? parked : begin();
      parked = undefined;
      try {
        while (simulation.next < to) {
          const isWanted = simulation.next >= from;
          const records = simulation.act();
          if (isWanted) yield* records;
        }
      } finally {
        parked = simulation;
      }
    },
    listed: (time) => reportedAt(time).listed(time),
    reportOf(name, time) {
      if (time < start) return undefined;
      const host = reportedAt(time).host(name);
      return host?.isUp(time) ? reportOf(host, time) : undefined;
    },
    published,
    publishedBySecond(time) {
      const dns = dnsAt(time);
      if (dns?.kind !== 'old_zone') return published(time);
      const others = published(time).filter(({ domain }) => domain !== dns.domain);
      return [...others, { domain: dns.domain, host: dns.host, priority: 0 }];
    },
    isAnswered(host, time) {
      const dns = dnsAt(time);
      return dns?.kind !== 'unresolved' || dns.host !== host;
    },
    isUp: (name, time) => reporting.host(name)?.isUp(time) ?? false,
  };
}

import pLimit from 'p-limit';
import type { Estate } from '../estate/estate.ts';
import { endpointKey } from '../estate/sightings.ts';
import type { ProbeTarget } from '../estate/targets.ts';
import type { Endpoint } from '../kernel/address.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Random } from '../kernel/random.ts';
import type { Millis } from '../kernel/time.ts';
import { checkImpostor } from '../probe/impostor.ts';
import { probeHost, type Resolve } from '../probe/probe-host.ts';
import { createProbeRounds, type ProbeRounds } from '../probe/rounds.ts';
import type { HostProbe } from '../probe/types.ts';
import type { RoundContext, RoundReport } from './loop.ts';

export interface ProbePollOptions {
  readonly estate: Estate;
  readonly resolve: Resolve;
  /** Milliseconds for one address. */
  readonly timeout: Millis;
  readonly concurrency: number;
  /** False: never ask whether a host is genuine. */
  readonly impostorCheck: boolean;
  /** Milliseconds over which the starts of a round are spread, the first round's apart. */
  readonly spread: number;
  readonly onProbe: (probe: HostProbe) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** Second looks under way at once: they are rare, and must not hold slots of the probes. */
const CHECKS = 32;

/** Probes every host of the estate, and looks a second time at those that come up. */
export class ProbePoll {
  readonly #options: ProbePollOptions;
  readonly #rounds: ProbeRounds<ProbeTarget>;
  readonly #limitChecks = pLimit(CHECKS);
  readonly #checks = new Set<Promise<void>>();

  constructor(options: ProbePollOptions, signal: AbortSignal) {
    const { estate, clock, random, concurrency, timeout, resolve } = options;
    this.#options = options;
    this.#rounds = createProbeRounds({
      concurrency,
      key: ({ host, port }) => endpointKey(host, port),
      lastOutcome: (endpoint) => estate.lastOutcome(endpoint),
      work: (endpoint, roundSignal) => probeHost({ ...endpoint, resolve, timeout, clock, signal: roundSignal }),
      onFound: (endpoint, probe) => {
        const cameUp = estate.recordProbe(probe);
        options.onProbe(probe);
        const address = probe.addresses.find(({ outcome }) => outcome === 'ok')?.address;
        if (cameUp && address !== undefined && options.impostorCheck) this.#check(endpoint, address, signal);
      },
      clock,
      random,
    });
  }

  /** Probes all hosts. */
  probeAll({ first, signal }: RoundContext): Promise<RoundReport> {
    return this.#run(
      this.#options.estate.probeTargets(this.#options.clock.now()),
      first ? 0 : this.#options.spread,
      signal,
    );
  }

  /** Probes the hosts that were found since the last round, so that nobody waits a minute for a first word of them. */
  async probeNew(signal: AbortSignal): Promise<void> {
    await this.#run(this.#options.estate.newTargets(this.#options.clock.now()), 0, signal);
  }

  /** Looks again at every host that answers; the first round is that of the hosts that came up, and only waits for it. */
  async checkAll({ first, signal }: RoundContext): Promise<void> {
    if (!first) {
      for (const { endpoint, address } of this.#options.estate.hostsThatAnswer(this.#options.clock.now())) {
        this.#check(endpoint, address, signal);
      }
    }
    await Promise.all(this.#checks);
  }

  async #run(endpoints: readonly ProbeTarget[], spread: number, signal: AbortSignal): Promise<RoundReport> {
    const { found, skipped } = await this.#rounds.run(endpoints, { spread, signal });
    // A round that left hosts out counts once, however many they are.
    return { ran: found > 0 || skipped === 0, skipped: Math.min(skipped, 1) };
  }

  #check(endpoint: Endpoint, address: string, signal: AbortSignal): void {
    const { clock, random, timeout, estate } = this.#options;
    const check = this.#limitChecks(async () => {
      const found = await checkImpostor({ ...endpoint, address, timeout, clock, random, signal });
      if (found !== undefined) estate.recordImpostorCheck(found);
    }).finally(() => this.#checks.delete(check));
    this.#checks.add(check);
  }
}

import type { EventBody, EventRecord } from '../../src/activations/types.ts';
import { HOUR_S, seconds } from '../../src/kernel/time.ts';
import type { LicenseStatusNumber } from '../../src/products/license-status.ts';
import type { Engine } from '../../src/store/threads/engine.ts';
import { hostName } from '../support/host-name.ts';
import { OFFICE, type Product, SERVER, UNKNOWN, WINDOWS_10 } from '../support/stories.ts';
import type { Dice } from './dice.ts';
import { HOSTS, type HostId } from './estate-moods.ts';

const NOTHING = { ignored: 0, rejected: 0 };
/** Clients that a product needs here, so that few requests make every state. */
const N_POLICY = 3;
/** 0xC004F042: the host key does not cover the product. */
const NOT_COVERED = 0xc004f042;
/** 0xC004F06C: the clock of the client is wrong. */
const WRONG_CLOCK = 0xc004f06c;

/** The kind of requests that a host gets for a while. */
type Traffic =
  | 'none'
  | 'renewals'
  | 'few'
  | 'refused'
  | 'some refused'
  | 'unlicensed'
  | 'not taking'
  | 'ending in weeks'
  | 'ending in days'
  | 'ending at once'
  | 'skewed'
  | 'refused for the clock'
  | 'clones';

const TRAFFIC: readonly Traffic[] = [
  'none',
  'none',
  'renewals',
  'refused for the clock',
  'few',
  'refused',
  'some refused',
  'unlicensed',
  'not taking',
  'ending in weeks',
  'ending in days',
  'ending at once',
  'skewed',
  'clones',
];

const MINUTES: Readonly<Partial<Record<Traffic, number>>> = {
  'not taking': 100 * 1440,
  'ending in weeks': 20 * 1440,
  'ending in days': 3 * 1440,
  'ending at once': 10,
};

/** How many clients ask in a step: small numbers, so that tolerance, thresholds and shares are met to the client. */
const CROWD: readonly number[] = [1, 2, 3, 4, 6, 9, 21];

/** The logs of the hosts, step by step. */
export class LogMoods {
  readonly #dice: Dice;
  readonly #read = new Set<HostId>();
  #recordId = 1;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Sends the records since the last step. @param now seconds @param step seconds */
  send(engine: Engine, now: number, step: number): void {
    for (const host of HOSTS) this.#sendOf(engine, host, now, step);
    engine.tick(seconds(now));
  }

  #sendOf(engine: Engine, host: HostId, now: number, step: number): void {
    const dice = this.#dice;
    if (!dice.mood(`is shipped ${host}`, [true, true, true, false], 0.04)) return;
    const records = [...this.#requests(host, now), ...this.#events(host, now, step)];
    if (records.length === 0) return;
    // A shipper that was away brings what it missed.
    if (dice.mood(`is behind ${host}`, [false, false, false, true], 0.1)) {
      const behind = (hours: number) => this.#requests(host, Math.max(1, now - hours * HOUR_S));
      for (const hours of [5, 2]) {
        engine.ingest([{ source: 'http', records: behind(hours), unread: NOTHING }], seconds(now));
      }
      return;
    }
    engine.ingest([{ source: 'http', records, unread: NOTHING }], seconds(now));
    // A log that was never read has no bookmark, and so no gap.
    if (this.#read.has(host) && dice.chance(0.01)) engine.takeGap(hostName(host), seconds(now));
    this.#read.add(host);
    if (dice.mood(`is counted ${host}`, [true, false], 0.05)) {
      const clients = dice.mood(`windows ${host}`, [undefined, 2, 5, 50], 0.1);
      const counts = [{ key: '661f7658-7035-4b4c-9f35-010682943ec2', pool: 'windows' as const, clients }];
      engine.takeReports([{ host: hostName(host), time: seconds(now), counts, activationInterval: undefined }]);
    }
  }

  #requests(host: HostId, now: number): readonly EventRecord[] {
    const dice = this.#dice;
    const traffic = dice.mood(`traffic ${host}`, TRAFFIC, 0.08);
    if (traffic === 'none') return [];
    const crowd = traffic === 'few' ? 1 : dice.mood(`crowd ${host}`, CROWD, 0.15);
    const product = dice.mood(`product ${host}`, [WINDOWS_10, SERVER, OFFICE, UNKNOWN], 0.1);
    return Array.from({ length: crowd }, (_, index) => this.#request(host, traffic, product, index, now));
  }

  #request(host: HostId, traffic: Traffic, product: Product, index: number, now: number): EventRecord {
    const isClock = traffic === 'refused for the clock';
    const isRefused = traffic === 'refused' || (traffic === 'some refused' && index < 5);
    const machine = traffic === 'clones' ? `clone-${this.#dice.pick(['a', 'b'])}` : `ws-${index}`;
    const status: LicenseStatusNumber = traffic === 'unlicensed' || traffic === 'refused' || isClock ? 5 : 1;
    return this.#record(host, now - index, {
      kind: 'request',
      hresult: isClock ? WRONG_CLOCK : isRefused ? NOT_COVERED : 0,
      nPolicy: N_POLICY,
      machine: `${machine}.corp.example`,
      clientId: clientId(host, traffic === 'clones' ? 99 : index),
      clientTime: seconds(traffic === 'skewed' || isClock ? now + 6 * HOUR_S : now),
      virtual: false,
      status,
      minutes: status === 1 ? (MINUTES[traffic] ?? 173 * 1440) : 0,
      activationId: product.activationId,
    });
  }

  /** Failures and successes of the service, among them some of one second. */
  #events(host: HostId, now: number, step: number): readonly EventRecord[] {
    const dice = this.#dice;
    const bodies: EventBody[] = [];
    if (dice.chance(0.03)) bodies.push({ kind: 'service_failure', failure: dice.pick(['init', 'timer']), hresult: 1 });
    for (const domain of ['corp.example', 'lab.example']) {
      if (dice.chance(0.03))
        bodies.push({ kind: 'dns_publish', result: 'failure', domain: hostName(domain), hresult: 1 });
      if (dice.chance(0.03))
        bodies.push({ kind: 'dns_publish', result: 'success', domain: hostName(domain), hresult: 0 });
    }
    const time = dice.pick([now, now, now - 1, now - step / 2]);
    return bodies.map((body) => this.#record(host, Math.max(1, Math.floor(time)), body));
  }

  #record(host: HostId, time: number, body: EventBody): EventRecord {
    this.#recordId += 1;
    const log = body.kind === 'request' ? 'kms' : 'application';
    return { host: hostName(host), log, recordId: this.#recordId, time: seconds(Math.max(1, time)), body };
  }
}

function clientId(host: HostId, index: number): string {
  const digits = String(HOSTS.indexOf(host) * 100 + index).padStart(12, '0');
  return `8d3ed6a5-7be9-4d13-b7cf-${digits}`;
}

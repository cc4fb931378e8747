import type { Estate } from '../../src/estate/estate.ts';
import type { EstateSettings } from '../../src/estate/settings.ts';
import type { EstateSnapshot, HostSnapshot } from '../../src/estate/snapshot.ts';
import type { Endpoint } from '../../src/kernel/address.ts';
import { millis } from '../../src/kernel/time.ts';
import type { ProbeOutcome } from '../../src/probe/types.ts';
import type { LicenseStatus } from '../../src/products/license-status.ts';
import { answer, failure, probe, server } from '../support/estate.ts';
import { hostName } from '../support/host-name.ts';
import { hostReport, keyReport, withHosts } from '../support/host-snapshot.ts';
import { OFFICE_KEY } from '../support/reports.ts';
import type { Dice } from './dice.ts';

/** A key that the tables have. */
const WINDOWS_SERVER_2022 = '661f7658-7035-4b4c-9f35-010682943ec2';

export const HOSTS = ['kms01.corp.example', 'kms02.corp.example', 'kms03.lab.example'] as const;
export type HostId = (typeof HOSTS)[number];

const SERVERS = ['10.0.0.53', '10.0.1.53'] as const;
const DOMAINS = ['corp.example', 'lab.example'] as const;

/** @param step milliseconds */
export function estateSettings(step: number): EstateSettings {
  const hosts = [{ name: hostName(HOSTS[2]), aliases: [], port: 1688 }];
  return {
    domains: [
      { name: hostName('corp.example'), expectedHosts: [hostName(HOSTS[0]), hostName(HOSTS[1])] },
      { name: hostName('lab.example'), expectedHosts: undefined },
    ],
    servers: SERVERS.map(server),
    hosts,
    names: hosts,
    search: [],
    directory: { limit: millis(3 * step), expectedObjects: ['Office'] },
    limits: {
      discovery: millis(3 * step),
      probe: millis(2 * step),
      impostor: millis(4 * step),
      reports: millis(3 * step),
    },
  };
}

const ANSWERS: readonly (readonly string[])[] = [
  [HOSTS[0], HOSTS[1]],
  [HOSTS[0], HOSTS[1]],
  [HOSTS[0]],
  [`${HOSTS[0]}:1688/0/0`, `${HOSTS[0]}:1688/10/5`],
  [HOSTS[2], 'rogue.lab.example:1700'],
  [],
  [],
];
const OUTCOMES: readonly (ProbeOutcome | undefined)[] = [
  'ok',
  'ok',
  'ok',
  'refused',
  'filtered',
  'not_kms',
  'unresolvable',
  'lookup_failed',
  undefined,
];
const STATUSES: readonly (LicenseStatus | undefined)[] = ['licensed', 'licensed', 'notification', undefined];

/** How the network, DNS and the hosts' own word are: each mood lasts for some steps, so that holds run out. */
export class EstateMoods {
  readonly #dice: Dice;
  readonly #keyDice: Dice;
  readonly #totals = new Map<HostId, number>();

  /** @param keyDice separate chance for the hosts' keys */
  constructor(dice: Dice, keyDice: Dice) {
    this.#dice = dice;
    this.#keyDice = keyDice;
  }

  /** Polls as the moods say. @param at milliseconds */
  poll(estate: Estate, at: number): void {
    for (const domain of DOMAINS) this.#ask(estate, domain, at);
    for (const endpoint of estate.targets(millis(at))) this.#probe(estate, endpoint, at);
  }

  #ask(estate: Estate, domain: string, at: number): void {
    const dice = this.#dice;
    const answers = dice.mood(`answers ${domain}`, ANSWERS, 0.05);
    for (const from of SERVERS) {
      const kind = dice.mood(`lookup ${domain} ${from}`, ['same', 'same', 'same', 'own', 'fails', 'none'], 0.06);
      if (kind === 'fails') estate.recordLookup(failure(at, 'timeout', { domain, from }));
      if (kind === 'same') estate.recordLookup(answer(at, answers, { domain, from }));
      if (kind === 'own') estate.recordLookup(answer(at, dice.mood(`own ${from}`, ANSWERS, 0.05), { domain, from }));
    }
  }

  #probe(estate: Estate, { host, port }: Endpoint, at: number): void {
    const outcome = this.#dice.mood(`probe ${host}`, OUTCOMES, 0.08);
    if (outcome !== undefined) estate.recordProbe(probe(at, host, outcome, port));
    const genuine = this.#dice.mood(`genuine ${host}`, [true, true, true, false, undefined], 0.06);
    if (genuine !== undefined) estate.recordImpostorCheck({ host, port, at: millis(at), genuine });
  }

  /** What the hosts say of themselves, and whether their logs are subscribed to. @param step milliseconds */
  dress(snapshot: EstateSnapshot): EstateSnapshot {
    return withHosts(snapshot, Object.fromEntries(HOSTS.map((host) => [host, this.#word(host, snapshot.at)])));
  }

  #word(host: HostId, at: number): Partial<HostSnapshot> {
    const dice = this.#dice;
    const subscribed = dice.mood(`subscription ${host}`, [undefined, undefined, true, false], 0.03);
    const subscription =
      subscribed === undefined ? undefined : { up: subscribed, failure: undefined, lastAnswer: undefined };
    const kind = dice.mood(`report ${host}`, ['none', 'up', 'up', 'down', 'late'], 0.04);
    if (kind === 'none') return { subscription, report: undefined };
    const total = (this.#totals.get(host) ?? 100) + dice.mood(`requests ${host}`, [0, 0, 3], 0.1);
    this.#totals.set(host, total);
    const licenseStatus = dice.mood(`licence ${host}`, STATUSES, 0.05);
    const dnsPublishing = dice.mood(`publishing ${host}`, [true, true, false, undefined], 0.05);
    const windows = keyReport({ activationId: WINDOWS_SERVER_2022, licenseStatus, requests: total });
    const keys = this.#keyDice.mood(`keys ${host}`, [[windows], [windows], [], [OFFICE_KEY]], 0.05);
    const last = hostReport(at, { dnsPublishing, keys });
    const fresh = kind === 'late' ? undefined : last;
    return { subscription, report: { up: kind === 'up', failure: undefined, fresh, last } };
  }
}

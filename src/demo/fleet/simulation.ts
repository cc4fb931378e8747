import { FleetHost } from './fleet-host.ts';
import type { LogRecord } from './log-record.ts';
import type { ListedMachine } from './machine.ts';
import type { FleetPlan } from './plan.ts';
import { Schedule } from './schedule.ts';
import { Seat } from './seat.ts';
import { type SeededRandom, seededRandom } from './seeded-random.ts';
import { chooseHost } from './site.ts';

/** The organisation as it goes on from its start, one act after the other. */
export class Simulation {
  readonly #hosts = new Map<string, FleetHost>();
  readonly #schedule: Schedule;
  readonly #seats: readonly Seat[];
  #written: LogRecord[] = [];
  #time: number;

  /** @param start whole seconds since the epoch */
  constructor(plan: FleetPlan, seed: string, start: number) {
    this.#time = start - 1;
    const random = seededRandom(seed);
    this.#addHosts(plan, random, start);
    this.#seats = this.#seatsOf(plan, random, start);
    this.#remember(this.#seats);
    this.#schedule = new Schedule([...this.#hosts.values(), ...this.#seats]);
  }

  /** Everything up to and including this second has happened. */
  get time(): number {
    return this.#time;
  }

  host(name: string): FleetHost | undefined {
    return this.#hosts.get(name);
  }

  /** All machines that there are or were. @param time up to which it has gone on */
  listed(time: number): readonly ListedMachine[] {
    return this.#seats.flatMap((seat) => seat.listed(time));
  }

  /** When the next act is due; infinite when nothing is to happen any more. */
  get next(): number {
    return this.#schedule.next;
  }

  /** Performs the next act. @returns what was logged at it, all at the time that `next` said */
  act(): readonly LogRecord[] {
    this.#written = [];
    this.#time = this.#schedule.next;
    this.#schedule.act();
    return this.#written;
  }

  #addHosts(plan: FleetPlan, random: SeededRandom, start: number): void {
    for (const { domain, hosts } of plan.sites) {
      for (const host of hosts) {
        const own = random.fork(`host/${host.name}`);
        this.#hosts.set(host.name, new FleetHost(host, domain, start, own, (record) => this.#written.push(record)));
      }
    }
  }

  #seatsOf(plan: FleetPlan, random: SeededRandom, start: number): readonly Seat[] {
    return plan.groups.flatMap((group) => {
      const own = random.fork(`group/${group.name}`);
      const hosts = this.#hostsOf(plan, group.site);
      const context = {
        start,
        holiday: plan.holiday,
        imageId: own.guid(),
        hostFor: (time: number, knows: boolean, chance: SeededRandom) => chooseHost(hosts, time, knows, chance),
      };
      // A seat draws from its own stream, so that one more group or seat changes nothing about the others.
      return Array.from({ length: group.size }, (_, index) => new Seat(group, index, context, own.fork(`${index}`)));
    });
  }

  #hostsOf(plan: FleetPlan, domain: string): readonly FleetHost[] {
    const names = plan.sites.filter((site) => site.domain === domain).flatMap(({ hosts }) => hosts);
    return names.toSorted((a, b) => a.priority - b.priority).flatMap(({ name }) => this.#hosts.get(name) ?? []);
  }

  /** Hosts know their clients from before the start. */
  #remember(seats: readonly Seat[]): void {
    const earlier = seats.flatMap((seat) => seat.earlier()).toSorted((a, b) => a.time - b.time);
    for (const { host, product, clientId, time } of earlier) host?.remember(product, clientId, time);
  }
}

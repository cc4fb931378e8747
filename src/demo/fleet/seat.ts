import { DAY_S, HOUR_S, MINUTE_S } from '../../kernel/time.ts';
import type { FleetHost } from './fleet-host.ts';
import { type Circumstances, Lifecycle, NEVER } from './lifecycle.ts';
import { type Install, type ListedMachine, type Machine, stateOf } from './machine.ts';
import type { GroupPlan } from './plan.ts';
import { type ClientProduct, PRODUCTS, type ProductName } from './products.ts';
import type { Actor } from './schedule.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A renewal restores it (Microsoft, "KMS activation planning"). */
const VALIDITY = 180 * DAY_S;
const RENEWAL_INTERVAL = 7 * DAY_S;
const ACTIVATION_INTERVAL = 2 * HOUR_S;

/** Of all renewals that are due, the share whose user is away for one to three weeks. */
const AWAY = 0.025;
/** The share of machines that mostly give their bare name, and of requests in which one gives the other form. */
const BARE_MACHINES = 0.25;
const OTHER_FORM = 0.1;

/** A client that had asked before the fleet's start. */
export interface EarlierContact {
  readonly host: FleetHost | undefined;
  readonly product: ClientProduct;
  readonly clientId: string;
  readonly time: number;
}

export interface SeatContext extends Circumstances {
  /** Finds the host that a client asks. @param knows it has been answered before, and needs no DNS */
  readonly hostFor: (time: number, knows: boolean, random: SeededRandom) => FleetHost | undefined;
  /** The client id of the image that the group is cloned from. */
  readonly imageId: string;
}

/** A place in a group: a machine, and the one that follows it when it is replaced. */
export class Seat implements Actor {
  readonly #group: GroupPlan;
  readonly #index: number;
  readonly #context: SeatContext;
  readonly #random: SeededRandom;
  readonly #life: Lifecycle;
  #machine: Machine;
  /** Those before it, which nobody removes from any list. */
  readonly #former: ListedMachine[] = [];
  #generation = 0;
  #next: number;

  constructor(group: GroupPlan, index: number, context: SeatContext, random: SeededRandom) {
    this.#group = group;
    this.#index = index;
    this.#context = context;
    this.#random = random;
    this.#life = new Lifecycle(group, index, context, random);
    const open = context.start + (group.fromDay ?? 0) * DAY_S;
    if (group.newEveryDay) this.#machine = this.#setUp(open);
    else this.#machine = group.fromDay === undefined ? this.#setUpBefore(open) : this.#setUp(open + random.int(DAY_S));
    this.#next = this.#soonest();
  }

  get next(): number {
    return this.#next;
  }

  /** What its machine had asked before the fleet's start. */
  earlier(): readonly EarlierContact[] {
    const { installs, clientId } = this.#machine;
    const { start, hostFor } = this.#context;
    return installs.flatMap(({ product, end }) => {
      const host = hostFor(start, true, this.#random);
      return end === undefined ? [] : [{ host, product: PRODUCTS[product], clientId, time: end - VALIDITY }];
    });
  }

  /** Its machine and those before it, as of a time up to which it has acted. */
  listed(time: number): readonly ListedMachine[] {
    const machine = this.#machine;
    return machine.on > time || machine.installs.length === 0
      ? this.#former
      : [...this.#former, this.#listedAs(machine, time)];
  }

  #listedAs({ name, arrives, on, installs }: Machine, time: number): ListedMachine {
    const { movesAt } = this.#life;
    return {
      name: `${name}.${this.#group.site}`,
      // While its user is away, Windows does not renew either; Office alone may not.
      seen: Math.max(on, this.#life.lastOn(arrives, Math.min(time, installs[0]?.away ?? time))),
      moved: movesAt <= time ? Math.max(movesAt, on) : undefined,
      products: installs.map(({ product }) => product),
    };
  }

  act(): void {
    const now = this.#next;
    const machine = this.#machine;
    if (now >= machine.until) this.#replace(now);
    else if (now >= machine.imagedAt) this.#image(machine, now);
    else for (const install of machine.installs) this.#turn(machine, install, now);
    this.#next = this.#soonest();
  }

  #soonest(): number {
    const { until, imagedAt, installs } = this.#machine;
    return installs.reduce(
      (soonest, { next, upgradedAt }) => Math.min(soonest, next, upgradedAt),
      Math.min(until, imagedAt),
    );
  }

  #turn(machine: Machine, install: Install, now: number): void {
    if (now >= install.upgradedAt) this.#upgrade(machine, install, now);
    else if (now >= install.next) this.#ask(machine, install, now);
  }

  #ask(machine: Machine, install: Install, now: number): void {
    install.away = undefined;
    if (now >= this.#life.movesAt) {
      install.next = NEVER;
      return;
    }
    const trouble = this.#life.troubleAt(now);
    install.next = this.#life.whenOn(machine.arrives, now + ACTIVATION_INTERVAL + this.#random.int(MINUTE_S));
    if (trouble?.kind === 'cut_off') {
      // It goes on asking, and nobody hears of it until the end of it.
      const ends = this.#life.troubleEnds + this.#random.int(ACTIVATION_INTERVAL);
      install.next = this.#life.whenOn(machine.arrives, ends);
      return;
    }
    const knows = machine.installs.some(({ end }) => end !== undefined);
    const host = this.#context.hostFor(now, knows, this.#random);
    if (host === undefined) return;
    const product = PRODUCTS[install.product];
    const { hresult, count } = host.ask({
      ...stateOf(install, now),
      product,
      time: now,
      machine: this.#nameOf(machine),
      clientId: machine.clientId,
      clientTime: now + machine.drift + (trouble?.kind === 'clock' ? trouble.seconds : 0),
      virtual: machine.virtual,
    });
    if (hresult !== 0 || count < product.nPolicy || trouble?.kind === 'does_not_take') return;
    install.end = now + VALIDITY;
    install.next = this.#renewal(machine, install, now);
  }

  #renewal(machine: Machine, install: Install, now: number): number {
    const isAway = this.#group.rhythm === 'office' && this.#random.chance(AWAY);
    install.away = isAway ? now + RENEWAL_INTERVAL : undefined;
    const due = now + RENEWAL_INTERVAL + (isAway ? this.#random.between(7 * DAY_S, 21 * DAY_S) : 0);
    return this.#life.whenOn(machine.arrives, due + this.#random.int(10 * MINUTE_S));
  }

  /** A machine that is in use when the fleet starts. */
  #setUpBefore(start: number): Machine {
    const machine = this.#setUp(start);
    for (const install of machine.installs) {
      const last = start - this.#random.between(MINUTE_S, RENEWAL_INTERVAL);
      install.end = last + VALIDITY;
      install.next = this.#life.whenOn(machine.arrives, Math.max(start, last + RENEWAL_INTERVAL));
    }
    return machine;
  }

  #setUp(now: number): Machine {
    const { virtual = 0, products, prefix, size } = this.#group;
    const random = this.#random;
    const number = this.#index + 1 + this.#generation * size;
    const arrives = 6 * HOUR_S + random.int(3 * HOUR_S);
    const on = this.#life.whenOn(arrives, now);
    return {
      name: `${prefix}${String(number).padStart(4, '0')}`,
      virtual: random.chance(virtual),
      bare: random.chance(BARE_MACHINES),
      arrives,
      drift: random.between(-90, 90),
      clientId: this.#newId(on),
      on,
      until: this.#life.goneAfter(on),
      imagedAt: this.#life.imagedAfter(arrives, on),
      installs: products.map((product, index) => {
        const next = on + (index + 1) * random.between(MINUTE_S, 4 * MINUTE_S);
        return this.#install(this.#life.currentOf(product, on), arrives, on, next);
      }),
    };
  }

  /** A product that is set up now and asks for the first time at `next`. */
  #install(product: ProductName, arrives: number, now: number, next: number): Install {
    const upgradedAt = this.#life.upgradedAfter(product, arrives, now);
    return { product, end: undefined, since: now, next, away: undefined, upgradedAt };
  }

  #replace(now: number): void {
    this.#former.push(this.#listedAs(this.#machine, now));
    if (this.#life.troubleAt(now)?.kind === 'leaves') {
      this.#machine = { ...this.#machine, until: NEVER, imagedAt: NEVER, installs: [] };
      return;
    }
    this.#generation += 1;
    this.#machine = this.#setUp(now + this.#random.between(HOUR_S, 5 * DAY_S));
  }

  /** Set up again: the name stays, the client id does not, and nothing is activated. */
  #image(machine: Machine, now: number): void {
    machine.clientId = this.#newId(now);
    machine.imagedAt = this.#life.imagedAfter(machine.arrives, now);
    for (const [index, install] of machine.installs.entries()) {
      install.end = undefined;
      install.since = now;
      install.away = undefined;
      install.next = now + (index + 1) * this.#random.between(MINUTE_S, 4 * MINUTE_S);
    }
  }

  #upgrade(machine: Machine, install: Install, now: number): void {
    const next = now + this.#random.between(MINUTE_S, 20 * MINUTE_S);
    const product = this.#life.currentOf(install.product, now);
    Object.assign(install, this.#install(product, machine.arrives, now, next));
  }

  #newId(now: number): string {
    const isCloned = this.#life.troubleAt(now)?.kind === 'cloned';
    return isCloned ? this.#context.imageId : this.#random.guid();
  }

  #nameOf({ name, bare }: Machine): string {
    const isBare = this.#random.chance(OTHER_FORM) ? !bare : bare;
    return isBare ? name.toUpperCase() : `${name}.${this.#group.site}`;
  }
}

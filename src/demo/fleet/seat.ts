import { whenOn } from './calendar.ts';
import type { FleetHost } from './fleet-host.ts';
import { type Install, type Machine, stateOf } from './machine.ts';
import { type GroupPlan, isDuring, type Upgrade } from './plan.ts';
import { type ClientProduct, PRODUCTS, type ProductName } from './products.ts';
import type { Actor } from './schedule.ts';
import { DAY, HOUR, MINUTE } from './seconds.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A renewal restores it (Microsoft, "KMS activation planning"). */
const VALIDITY = 180 * DAY;
const RENEWAL_INTERVAL = 7 * DAY;
const ACTIVATION_INTERVAL = 2 * HOUR;
const YEAR = 365 * DAY;
const CLONED_WITHIN = 7 * DAY;
const NEVER = Number.POSITIVE_INFINITY;

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

export interface SeatContext {
  readonly start: number;
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
  /** For what the plan says of single days, so that a trouble changes nothing before it begins. */
  readonly #fate: SeededRandom;
  #machine: Machine;
  #generation = 0;
  #next: number;

  constructor(group: GroupPlan, index: number, context: SeatContext, random: SeededRandom) {
    this.#group = group;
    this.#index = index;
    this.#context = context;
    this.#random = random;
    this.#fate = random.fork('fate');
    const open = context.start + (group.fromDay ?? 0) * DAY;
    if (group.newEveryDay) this.#machine = this.#setUp(open);
    else this.#machine = group.fromDay === undefined ? this.#setUpBefore(open) : this.#setUp(open + random.int(DAY));
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
    const { trouble } = this.#group;
    const troubled = isDuring(trouble, this.#dayOf(now)) ? trouble : undefined;
    install.next = this.#whenOn(machine.arrives, now + ACTIVATION_INTERVAL + this.#random.int(MINUTE));
    if (troubled?.kind === 'cut_off') {
      // It goes on asking, and nobody hears of it until the end of it.
      install.next = this.#whenOn(
        machine.arrives,
        this.#timeOf(troubled.toDay) + this.#random.int(ACTIVATION_INTERVAL),
      );
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
      clientTime: now + machine.drift + (troubled?.kind === 'clock' ? troubled.seconds : 0),
      virtual: machine.virtual,
    });
    if (hresult !== 0 || count < product.nPolicy || troubled?.kind === 'does_not_take') return;
    install.end = now + VALIDITY;
    install.next = this.#renewal(machine, now);
  }

  #renewal(machine: Machine, now: number): number {
    const away = this.#group.rhythm === 'office' && this.#random.chance(AWAY);
    const due = now + RENEWAL_INTERVAL + (away ? this.#random.between(7 * DAY, 21 * DAY) : 0);
    return this.#whenOn(machine.arrives, due + this.#random.int(10 * MINUTE));
  }

  /** A machine that is in use when the fleet starts. */
  #setUpBefore(start: number): Machine {
    const machine = this.#setUp(start);
    for (const install of machine.installs) {
      const last = start - this.#random.between(MINUTE, RENEWAL_INTERVAL);
      install.end = last + VALIDITY;
      install.next = this.#whenOn(machine.arrives, Math.max(start, last + RENEWAL_INTERVAL));
    }
    return machine;
  }

  #setUp(now: number): Machine {
    const { virtual = 0, products, prefix, size } = this.#group;
    const random = this.#random;
    const number = this.#index + 1 + this.#generation * size;
    const arrives = 6 * HOUR + random.int(3 * HOUR);
    const on = whenOn(now, this.#group.rhythm, arrives, random);
    return {
      name: `${prefix}${String(number).padStart(4, '0')}`,
      virtual: random.chance(virtual),
      bare: random.chance(BARE_MACHINES),
      arrives,
      drift: random.between(-90, 90),
      clientId: this.#newId(on),
      until: this.#untilFrom(on),
      imagedAt: this.#imagedAfter(arrives, on),
      installs: products.map((product, index) => {
        const current = this.#upgraded(product, on);
        const next = on + (index + 1) * random.between(MINUTE, 4 * MINUTE);
        return {
          product: current,
          end: undefined,
          since: on,
          next,
          upgradedAt: this.#upgradedAfter(current, arrives, on),
        };
      }),
    };
  }

  #replace(now: number): void {
    const { trouble } = this.#group;
    if (trouble?.kind === 'leaves' && this.#index >= trouble.remain && isDuring(trouble, this.#dayOf(now))) {
      this.#machine = { ...this.#machine, until: NEVER, imagedAt: NEVER, installs: [] };
      return;
    }
    this.#generation += 1;
    this.#machine = this.#setUp(now + this.#random.between(HOUR, 5 * DAY));
  }

  /** Set up anew: the name stays, the client id does not, and nothing is activated. */
  #image(machine: Machine, now: number): void {
    machine.clientId = this.#newId(now);
    machine.imagedAt = this.#imagedAfter(machine.arrives, now);
    for (const [index, install] of machine.installs.entries()) {
      install.end = undefined;
      install.since = now;
      install.next = now + (index + 1) * this.#random.between(MINUTE, 4 * MINUTE);
    }
  }

  #upgrade(machine: Machine, install: Install, now: number): void {
    install.product = this.#upgradeOf(install.product)?.to ?? install.product;
    install.upgradedAt = this.#upgradedAfter(install.product, machine.arrives, now);
    install.end = undefined;
    install.since = now;
    install.next = now + this.#fate.between(MINUTE, 20 * MINUTE);
  }

  #newId(now: number): string {
    const { trouble } = this.#group;
    const cloned = trouble?.kind === 'cloned' && isDuring(trouble, this.#dayOf(now));
    return cloned ? this.#context.imageId : this.#random.guid();
  }

  #untilFrom(now: number): number {
    const { yearlyChurn = 0, trouble } = this.#group;
    const until = now + this.#rare(yearlyChurn);
    if (trouble?.kind !== 'leaves' || this.#index < trouble.remain) return until;
    const leaves = this.#timeOf(trouble.fromDay) + this.#fate.int(trouble.overDays * DAY);
    return leaves >= now ? Math.min(until, leaves) : until;
  }

  #imagedAfter(arrives: number, now: number): number {
    const { newEveryDay, yearlyReimages = 0, trouble } = this.#group;
    if (newEveryDay) return this.#whenOn(arrives, (Math.floor(now / DAY) + 1) * DAY);
    const planned = this.#whenOn(arrives, now + this.#rare(yearlyReimages));
    if (trouble?.kind !== 'cloned') return planned;
    const cloned = this.#timeOf(trouble.fromDay) + this.#fate.int(CLONED_WITHIN);
    return cloned > now ? Math.min(planned, this.#whenOn(arrives, cloned, this.#fate)) : planned;
  }

  #upgradedAfter(product: ProductName, arrives: number, now: number): number {
    const upgrade = this.#upgradeOf(product);
    if (upgrade === undefined || this.#timeOf(upgrade.fromDay) <= now) return NEVER;
    const due = this.#timeOf(upgrade.fromDay) + this.#fate.int(upgrade.overDays * DAY);
    return this.#whenOn(arrives, due, this.#fate);
  }

  /** New machines come with what the others are upgraded to. */
  #upgraded(product: ProductName, now: number): ProductName {
    const upgrade = this.#upgradeOf(product);
    return upgrade !== undefined && this.#timeOf(upgrade.fromDay) <= now ? upgrade.to : product;
  }

  #upgradeOf(product: ProductName): Upgrade | undefined {
    return this.#group.upgrades?.find(({ from }) => from === product);
  }

  /** Seconds until something happens that happens to this share of machines in a year. */
  #rare(yearly: number): number {
    return yearly === 0 ? NEVER : Math.ceil((-Math.log(1 - this.#random.unit()) * YEAR) / yearly);
  }

  #nameOf({ name, bare }: Machine): string {
    const isBare = this.#random.chance(OTHER_FORM) ? !bare : bare;
    return isBare ? name.toUpperCase() : `${name}.${this.#group.site}`;
  }

  #whenOn(arrives: number, due: number, random = this.#random): number {
    return due === NEVER ? NEVER : whenOn(due, this.#group.rhythm, arrives, random);
  }

  #dayOf(time: number): number {
    return (time - this.#context.start) / DAY;
  }

  #timeOf(day: number | undefined): number {
    return day === undefined ? NEVER : this.#context.start + day * DAY;
  }
}

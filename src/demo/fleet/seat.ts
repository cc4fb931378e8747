import { whenOn } from './calendar.ts';
import type { FleetHost } from './fleet-host.ts';
import { type Install, type Machine, stateOf } from './machine.ts';
import { type GroupPlan, isDuring } from './plan.ts';
import { type ClientProduct, PRODUCTS, type ProductName } from './products.ts';
import type { Actor } from './schedule.ts';
import { DAY, HOUR, MINUTE } from './seconds.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A renewal restores it (Microsoft, "KMS activation planning"). */
const VALIDITY = 180 * DAY;
const RENEWAL_INTERVAL = 7 * DAY;
const ACTIVATION_INTERVAL = 2 * HOUR;
const YEAR = 365 * DAY;
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
  #machine: Machine;
  #generation = 0;
  #next: number;

  constructor(group: GroupPlan, index: number, context: SeatContext, random: SeededRandom) {
    this.#group = group;
    this.#index = index;
    this.#context = context;
    this.#random = random;
    const open = context.start + (group.fromDay ?? 0) * DAY;
    const isNew = group.fromDay !== undefined || group.newEveryDay === true;
    this.#machine = isNew ? this.#setUp(open + random.int(DAY)) : this.#setUpBefore(open);
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
    else if (now >= machine.upgradedAt) this.#upgrade(machine, now);
    else for (const install of machine.installs) if (install.next <= now) this.#ask(machine, install, now);
    this.#next = this.#soonest();
  }

  #soonest(): number {
    const { until, imagedAt, upgradedAt, installs } = this.#machine;
    return Math.min(until, imagedAt, upgradedAt, ...installs.map(({ next }) => next));
  }

  #ask(machine: Machine, install: Install, now: number): void {
    const { trouble } = this.#group;
    const troubled = isDuring(trouble, this.#dayOf(now)) ? trouble : undefined;
    install.next = this.#whenOn(machine, now + ACTIVATION_INTERVAL + this.#random.int(MINUTE));
    if (troubled?.kind === 'cut_off') {
      // It goes on asking, and nobody hears of it until the end of it.
      install.next = this.#whenOn(machine, this.#timeOf(troubled.toDay) + this.#random.int(ACTIVATION_INTERVAL));
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
    return this.#whenOn(machine, due + this.#random.int(10 * MINUTE));
  }

  /** A machine that is in use when the fleet starts. */
  #setUpBefore(start: number): Machine {
    const machine = this.#setUp(start);
    for (const install of machine.installs) {
      const last = start - this.#random.between(MINUTE, RENEWAL_INTERVAL);
      install.end = last + VALIDITY;
      install.next = this.#whenOn(machine, Math.max(start, last + RENEWAL_INTERVAL));
    }
    return machine;
  }

  #setUp(now: number): Machine {
    const { virtual = 0, products, prefix, size } = this.#group;
    const random = this.#random;
    const number = this.#index + 1 + this.#generation * size;
    const arrives = 6 * HOUR + random.int(3 * HOUR);
    const on = whenOn(now, this.#group.rhythm, arrives, random);
    const machine = {
      name: `${prefix}${String(number).padStart(4, '0')}`,
      virtual: random.chance(virtual),
      bare: random.chance(BARE_MACHINES),
      arrives,
      drift: random.between(-90, 90),
      clientId: this.#newId(on),
      until: this.#untilFrom(on),
      imagedAt: NEVER,
      upgradedAt: NEVER,
      installs: products.map((product, index) => ({
        product: this.#upgraded(product, on),
        end: undefined,
        since: on,
        next: on + (index + 1) * random.between(MINUTE, 4 * MINUTE),
      })),
    } satisfies Machine;
    return { ...machine, imagedAt: this.#imagedAfter(machine, on), upgradedAt: this.#upgradedAfter(machine, on) };
  }

  #replace(now: number): void {
    const { trouble } = this.#group;
    if (trouble?.kind === 'leaves' && isDuring(trouble, this.#dayOf(now))) {
      this.#machine = { ...this.#machine, until: NEVER, imagedAt: NEVER, upgradedAt: NEVER, installs: [] };
      return;
    }
    this.#generation += 1;
    this.#machine = this.#setUp(now + this.#random.between(HOUR, 5 * DAY));
  }

  /** Set up anew: the name stays, the client id does not, and nothing is activated. */
  #image(machine: Machine, now: number): void {
    machine.clientId = this.#newId(now);
    machine.imagedAt = this.#imagedAfter(machine, now);
    for (const [index, install] of machine.installs.entries()) {
      install.end = undefined;
      install.since = now;
      install.next = now + (index + 1) * this.#random.between(MINUTE, 4 * MINUTE);
    }
  }

  #upgrade(machine: Machine, now: number): void {
    machine.upgradedAt = NEVER;
    const install = machine.installs.find(({ product }) => product === this.#group.upgrade?.from);
    if (install === undefined || this.#group.upgrade === undefined) return;
    install.product = this.#group.upgrade.to;
    install.end = undefined;
    install.since = now;
    install.next = now + this.#random.between(MINUTE, 20 * MINUTE);
  }

  #newId(now: number): string {
    const { trouble } = this.#group;
    const cloned = trouble?.kind === 'cloned' && isDuring(trouble, this.#dayOf(now));
    return cloned ? this.#context.imageId : this.#random.guid();
  }

  #untilFrom(now: number): number {
    const { yearlyChurn = 0, trouble } = this.#group;
    const until = now + this.#rare(yearlyChurn);
    if (trouble?.kind !== 'leaves') return until;
    const leaves = this.#timeOf(trouble.fromDay) + this.#random.int(trouble.overDays * DAY);
    return leaves >= now ? Math.min(until, leaves) : until;
  }

  #imagedAfter(machine: Pick<Machine, 'arrives'>, now: number): number {
    const { newEveryDay, yearlyReimages = 0, trouble } = this.#group;
    if (newEveryDay) return this.#whenOn(machine, (Math.floor(now / DAY) + 1) * DAY);
    const planned = now + this.#rare(yearlyReimages);
    if (trouble?.kind !== 'cloned') return this.#whenOn(machine, planned);
    const cloned = this.#timeOf(trouble.fromDay) + this.#random.int(7 * DAY);
    return this.#whenOn(machine, cloned > now ? Math.min(planned, cloned) : planned);
  }

  #upgradedAfter(machine: Pick<Machine, 'arrives'>, now: number): number {
    const { upgrade } = this.#group;
    if (upgrade === undefined || this.#timeOf(upgrade.fromDay) <= now) return NEVER;
    return this.#whenOn(machine, this.#timeOf(upgrade.fromDay) + this.#random.int(upgrade.overDays * DAY));
  }

  /** New machines come with what the others are upgraded to. */
  #upgraded(product: ProductName, now: number): ProductName {
    const { upgrade } = this.#group;
    return upgrade?.from === product && this.#timeOf(upgrade.fromDay) <= now ? upgrade.to : product;
  }

  /** Seconds until something happens that happens to this share of machines in a year. */
  #rare(yearly: number): number {
    return yearly === 0 ? NEVER : Math.ceil((-Math.log(1 - this.#random.unit()) * YEAR) / yearly);
  }

  #nameOf({ name, bare }: Machine): string {
    const isBare = this.#random.chance(OTHER_FORM) ? !bare : bare;
    return isBare ? name.toUpperCase() : `${name}.${this.#group.site}`;
  }

  #whenOn({ arrives }: Pick<Machine, 'arrives'>, due: number): number {
    return due === NEVER ? NEVER : whenOn(due, this.#group.rhythm, arrives, this.#random);
  }

  #dayOf(time: number): number {
    return (time - this.#context.start) / DAY;
  }

  #timeOf(day: number | undefined): number {
    return day === undefined ? NEVER : this.#context.start + day * DAY;
  }
}

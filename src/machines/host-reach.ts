import { bareNamesOf, isBare } from '../leases/machines.ts';

/** Canonical names of hosts, unless said otherwise. */
export interface ReachFacts {
  readonly all: ReadonlySet<string>;
  /** Those whose log goes back far enough, and is heard from. */
  readonly whole: ReadonlySet<string>;
  /** The hosts of each domain that is looked up. */
  readonly published: ReadonlyMap<string, ReadonlySet<string>>;
  readonly canonical: (name: string) => string;
}

/** Which names are hosts, which of them a machine can ask, and whether it would be known if it had. */
export class HostReach {
  readonly #facts: ReachFacts;
  /** The bare names by which lists may call those whose full name is known. */
  readonly #bare: ReadonlySet<string>;

  constructor(facts: ReachFacts) {
    this.#facts = facts;
    const full = [...facts.all].filter((host) => !isBare(host));
    this.#bare = new Set(full.flatMap(bareNamesOf));
  }

  /** @param name of a machine; a bare one is that of each host that it is short for */
  isHost(name: string): boolean {
    const { all, canonical } = this.#facts;
    if (all.has(canonical(name))) return true;
    if (isBare(name)) return this.#bare.has(name);
    // Of a host whose full name nothing says, as in the log of a machine without a domain.
    return bareNamesOf(name).some((bare) => all.has(bare) && !this.#bare.has(bare));
  }

  /** Whether any domain is looked up. */
  get hasPublished(): boolean {
    return this.#facts.published.size > 0;
  }

  /** Whether each host that a machine can ask is known to have heard nothing of it. */
  areLogsWhole(machine: string): boolean {
    const hosts = this.#publishedFor(machine) ?? this.#facts.all;
    for (const host of hosts) if (!this.#facts.whole.has(host)) return false;
    return hosts.size > 0;
  }

  /** Whether a host is one that a machine's domain does not publish. */
  isPinned(machine: string, host: string): boolean {
    return this.#publishedFor(machine)?.has(host) === false;
  }

  #publishedFor(machine: string): ReadonlySet<string> | undefined {
    const dot = machine.indexOf('.');
    return dot === -1 ? undefined : this.#facts.published.get(machine.slice(dot + 1));
  }
}

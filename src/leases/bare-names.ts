import { isBare, sameMachine } from './machines.ts';

interface Open<Of> {
  readonly name: string;
  readonly of: Of;
  readonly fits: Of[];
}

/** A bare name, and the FQDN that it means. */
export type Meant<Of> = readonly [bare: Of, full: Of];

/** Finds the FQDN that each bare name means: the one that it fits, if it fits one alone. */
export class BareNames<Of> {
  #open: Open<Of>[] = [];

  /**
   * Takes a name, each once, in the order of their octets: so the names that a bare one begins follow it.
   * @param of stands for the name @returns the bare names of which it is known now
   */
  take(name: string, of: Of): readonly Meant<Of>[] {
    const settled = this.#settle((bare) => !name.startsWith(bare));
    if (isBare(name)) this.#open.push({ name, of, fits: [] });
    else for (const bare of this.#open) if (bare.fits.length < 2 && sameMachine(bare.name, name)) bare.fits.push(of);
    return settled;
  }

  /** No more names come. @returns the rest */
  end(): readonly Meant<Of>[] {
    return this.#settle(() => true);
  }

  #settle(isOver: (bare: string) => boolean): readonly Meant<Of>[] {
    const over = this.#open.filter(({ name }) => isOver(name));
    if (over.length > 0) this.#open = this.#open.filter(({ name }) => !isOver(name));
    return over.flatMap(({ of, fits: [full, other] }) =>
      full === undefined || other !== undefined ? [] : [[of, full] as const],
    );
  }
}

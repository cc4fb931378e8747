import { createHmac } from 'node:crypto';
import { bcryptCost } from '../../config/web-file/bcrypt-hash.ts';
import type { Random } from '../../kernel/random.ts';
import type { Secret } from '../../kernel/secret.ts';
import type { Credentials } from './basic.ts';
import { BcryptThread, type Comparison } from './bcrypt-thread.ts';

/** `busy`: too many passwords are being tried to look at this one. */
export type PasswordVerdict = 'right' | 'wrong' | 'busy';

/** Results that are remembered, right and wrong ones apart, so that guesses cannot push the scraper's out. */
const REMEMBERED = 100;

/** Of the form of a hash, and of no password: what follows the cost in the hash for an unknown user. */
const NOBODY = 'QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';
const USUAL_COST = 10;

interface Comparer {
  compare(comparison: Comparison): Promise<boolean | undefined>;
  close(): Promise<void>;
}

/**
 * Compares passwords with bcrypt hashes. A result is remembered by the whole triple of name, hash and password, so that
 * a changed hash asks again; an unknown name costs as much time as a known one.
 */
export class PasswordCheck {
  readonly #key: Uint8Array;
  readonly #thread: Comparer;
  readonly #right = new Recent();
  readonly #wrong = new Recent();
  readonly #underWay = new Map<string, Promise<PasswordVerdict>>();

  constructor(random: Random, thread: Comparer = new BcryptThread()) {
    this.#key = random.bytes(32);
    this.#thread = thread;
  }

  async check({ user, password }: Credentials, users: ReadonlyMap<string, Secret>): Promise<PasswordVerdict> {
    const hash = users.get(user)?.reveal();
    const compared = hash ?? hashOfNobody(users);
    // Keyed, so that the memory of a result is none of the password; as a list, so that no two triples are one text.
    const key = createHmac('sha256', this.#key)
      .update(JSON.stringify([user, compared, password]))
      .digest('base64');
    if (this.#right.has(key)) return 'right';
    if (this.#wrong.has(key)) return 'wrong';
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const work = this.#compare(key, { password, hash: compared }, hash !== undefined).finally(() =>
      this.#underWay.delete(key),
    );
    this.#underWay.set(key, work);
    return work;
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  async #compare(key: string, comparison: Comparison, isUser: boolean): Promise<PasswordVerdict> {
    const same = await this.#thread.compare(comparison);
    if (same === undefined) return 'busy';
    const right = same && isUser;
    (right ? this.#right : this.#wrong).add(key);
    return right ? 'right' : 'wrong';
  }
}

/** As costly as the costliest of the users. */
function hashOfNobody(users: ReadonlyMap<string, Secret>): string {
  const costs = [...users.values()].map((hash) => bcryptCost(hash.reveal()) ?? USUAL_COST);
  return `$2y$${String(Math.max(...costs)).padStart(2, '0')}$${NOBODY}`;
}

/** The keys that were used last. */
class Recent {
  readonly #keys = new Set<string>();

  has(key: string): boolean {
    if (!this.#keys.delete(key)) return false;
    this.#keys.add(key);
    return true;
  }

  add(key: string): void {
    this.#keys.add(key);
    const [oldest] = this.#keys;
    if (this.#keys.size > REMEMBERED && oldest !== undefined) this.#keys.delete(oldest);
  }
}

import { err, ok, type Result } from '../../kernel/result.ts';

/** Seventeen seconds of work on the machine of today: more would be a mistake, and hold up everybody else's password. */
const MAX_COST = 18;
const MIN_COST = 4;

const HASH = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** @returns the hash as it is; or an error message, without any of it */
export function parseBcryptHash(text: string): Result<string, string> {
  const cost = bcryptCost(text);
  if (cost === undefined) return err('is not a bcrypt hash: create one with htpasswd -nBC 10 ""');
  return cost >= MIN_COST && cost <= MAX_COST
    ? ok(text)
    : err(`has cost ${cost}: expected ${MIN_COST} to ${MAX_COST}, usually 10`);
}

/** The cost in a bcrypt hash, the binary logarithm of its rounds; undefined for other texts. */
export function bcryptCost(hash: string): number | undefined {
  const [, cost] = HASH.exec(hash) ?? [];
  return cost === undefined ? undefined : Number(cost);
}

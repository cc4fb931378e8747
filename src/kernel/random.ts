import { randomBytes, randomInt } from 'node:crypto';

/** Where chance comes from, so that tests can decide it. */
export interface Random {
  /** A whole number from 0 up to but not including `limit` (1 to 2^48 - 1), not guessable. */
  int(limit: number): number;
  /** So many bytes, not guessable. */
  bytes(length: number): Uint8Array;
}

export const systemRandom: Random = {
  int: (limit) => randomInt(limit),
  bytes: (length) => randomBytes(length),
};

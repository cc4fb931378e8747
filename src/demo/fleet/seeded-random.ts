import { createHash } from 'node:crypto';
import type { Random } from '../../kernel/random.ts';

/** Chance that is the same for the same seed, and for nothing that should be a secret. */
export interface SeededRandom extends Random {
  /** From 0 up to but not including 1. */
  unit(): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** From `low` up to but not including `high`. */
  between(low: number, high: number): number;
  /** A random (version 4) GUID, lower case. */
  guid(): string;
  /** Its own stream: what others draw does not change it. */
  fork(name: string): SeededRandom;
}

const RANGE = 2 ** 32;

export function seededRandom(seed: string): SeededRandom {
  const next = sfc32(createHash('sha256').update(seed).digest());
  const unit = (): number => next() / RANGE;
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => next() & 0xff);
  return {
    unit,
    bytes,
    int: (limit) => Math.floor(unit() * limit),
    chance: (probability) => unit() < probability,
    between: (low, high) => low + Math.floor(unit() * (high - low)),
    guid: () => formatGuid(bytes(16)),
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}

/** Chris Doty-Humphrey's small fast counter, 32 bit. @returns whole numbers from 0 to 2^32 - 1 */
function sfc32(state: Buffer): () => number {
  let a = state.readUInt32LE(0);
  let b = state.readUInt32LE(4);
  let c = state.readUInt32LE(8);
  let counter = state.readUInt32LE(12);
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
}

/** RFC 9562 5.4: the version and the variant have fixed places. */
function formatGuid(bytes: Uint8Array): string {
  const octets = bytes.map((octet, index) => {
    if (index === 6) return (octet & 0x0f) | 0x40;
    return index === 8 ? (octet & 0x3f) | 0x80 : octet;
  });
  const hex = Buffer.from(octets).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

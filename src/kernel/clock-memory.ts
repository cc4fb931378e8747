import { readObject } from './read-object.ts';

/** What one run of the agent leaves to the next about its clocks; in milliseconds. */
export interface ClockMemory {
  /** Of the start of the machine that `monotonic` counts from. */
  readonly boot: string | undefined;
  /** When this was written, by the monotonic clock. */
  readonly monotonic: number;
  /** Wall time less monotonic time, by the system and as it was believed. */
  readonly system: number;
  readonly trusted: number;
  /** By the monotonic clock; undefined: no doubt, no step. */
  readonly doubtedFrom: number | undefined;
  readonly lastStep: number | undefined;
  /** The newest time that a host gave to a record. */
  readonly newest: number | undefined;
  /** For how long agents have run on this database, and were away as far as the monotonic clock knows. */
  readonly lived: number;
}

/** @returns undefined if there is none, or if it cannot be read: then the system is believed */
export function parseMemory(text: string | undefined): ClockMemory | undefined {
  if (text === undefined) return undefined;
  const { boot, doubtedFrom, lastStep, newest, lived = 0, ...numbers } = readObject<ClockMemory>(text) ?? {};
  const { monotonic, system, trusted } = numbers;
  if (monotonic === undefined || system === undefined || trusted === undefined) return undefined;
  return { boot, monotonic, system, trusted, doubtedFrom, lastStep, newest, lived };
}

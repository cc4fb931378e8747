import type { Seconds } from '../../kernel/time.ts';
import type { StoreFailure } from '../failure.ts';
import type { StoreSettings } from '../settings.ts';

/** When something is asked. */
export interface AskedAt {
  /** Seconds since the epoch by the agent's clock. */
  readonly now: Seconds;
  /** Whether that may be wrong. */
  readonly inDoubt?: boolean | undefined;
}

/** The calls of a thread, with their answers. */
export type Calls = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A thread's table of calls: each is given what it works on, and then its arguments. */
export type CallTable<On> = Readonly<Record<string, (on: On, ...args: never[]) => unknown>>;

/** The calls that a table answers. */
export type CallsOf<Table> = {
  [Name in keyof Table]: Table[Name] extends (on: never, ...args: infer Args) => infer T ? (...args: Args) => T : never;
};

/** A call as it is sent to a thread. */
export type Asked<Known extends Calls> = {
  [Name in keyof Known]: AskedAt & {
    readonly id: number;
    readonly name: Name;
    readonly args: Parameters<Known[Name]>;
  };
}[keyof Known];

/** The answer to a call. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: StoreFailure };

/** A message from a thread: answers, and the version of the counted data with them, so that no older count is used. */
export interface Message {
  readonly answers: readonly Answer[];
  readonly version?: number;
  /** Bytes of the database. */
  readonly bytes?: number;
}

/** The start of a thread. */
export interface ThreadStart {
  readonly path: string;
  readonly settings: StoreSettings;
  readonly now: Seconds;
}

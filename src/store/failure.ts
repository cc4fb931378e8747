import { NewerSchema, OtherSchema } from './database/migrations.ts';

/** Why the store cannot do what it was asked; a closed set. */
export type StoreFailureReason =
  | 'full'
  | 'read_only'
  | 'locked'
  | 'in_use'
  | 'moved'
  | 'corrupt'
  | 'newer_schema'
  | 'other_schema'
  | 'io'
  | 'overloaded'
  | 'closed'
  | 'comparing'
  | 'bug'
  | 'bad_query';

/** Nothing was changed. `text` is for a person: what is wrong, and what to do. */
export interface StoreFailure {
  readonly reason: StoreFailureReason;
  readonly text: string;
}

const REMEDIES = {
  full: 'Free space on its disk. The agent then recovers by itself.',
  read_only: 'Make the file and its folder writable for this user. The agent then recovers by itself.',
  locked: 'Another program has it open. Stop that program, or set store.path to another file.',
  in_use: 'Stop the other one, or set store.path to another file.',
  moved: 'Put the file back. To begin with an empty one, restart the agent.',
  corrupt:
    'Run kmswatch store check. If the agent does not recover by itself, move the file away and restore a backup, or start with a new file and import the exported logs again.',
  newer_schema: 'Use the newer kmswatch again, or set store.path to another file.',
  other_schema:
    'Move the file away, with those beside it whose names begin with its name: the agent then begins a new one. Import the saved logs of the hosts again. Records that are pushed or read over WinRM come back by themselves, as far as the logs go back.',
  io: 'Check the file, its folder and its disk, or set store.path.',
  overloaded: 'Send it again later.',
  closed: 'Start the agent.',
  comparing: 'Ask again in a few seconds.',
  bug: 'This is a mistake in kmswatch. Please report it.',
  bad_query: 'Correct the query.',
} as const satisfies Record<StoreFailureReason, string>;

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const REASONS = new Map<number, StoreFailureReason>([
  // A statement that does not fit the tables: somebody has changed them.
  [1, 'corrupt'],
  [5, 'locked'],
  [6, 'locked'],
  [8, 'read_only'],
  [10, 'io'],
  [11, 'corrupt'],
  [13, 'full'],
  [14, 'io'],
  [26, 'corrupt'],
]);
/** While these last, readers would see other files than the writer. */
export const APART: ReadonlySet<StoreFailureReason> = new Set(['moved', 'corrupt']);
const ENOSPC = 28;

export function storeFailure(reason: StoreFailureReason, what: string): StoreFailure {
  return { reason, text: `${what}. ${REMEDIES[reason]}` };
}

/** The meaning of an error of SQLite; undefined for any other, which is a bug. */
export function failureOf(error: unknown): StoreFailure | undefined {
  if (error instanceof NewerSchema) return storeFailure('newer_schema', error.message);
  if (error instanceof OtherSchema) return storeFailure('other_schema', error.message);
  if (!(error instanceof Error)) return undefined;
  const { errcode, errno, code } = error as { errcode?: unknown; errno?: unknown; code?: unknown };
  if (code === 'ERR_SQLITE_ERROR') {
    const reason = typeof errcode === 'number' ? REASONS.get(errcode & 0xff) : undefined;
    return reason === undefined ? undefined : storeFailure(reason, error.message);
  }
  // statfs, open and the like.
  if (typeof errno === 'number') return storeFailure(-errno === ENOSPC ? 'full' : 'io', error.message);
  return undefined;
}

/** Why the store cannot do what it was asked; a closed set. */
export type StoreFailureReason =
  | 'full'
  | 'read_only'
  | 'locked'
  | 'corrupt'
  | 'newer_schema'
  | 'io'
  | 'overloaded'
  | 'closed'
  | 'bad_cursor';

/** Nothing was changed. `text` is for a person: what is wrong, and what to do. */
export interface StoreFailure {
  readonly reason: StoreFailureReason;
  readonly text: string;
}

import type { Fields } from './fields.ts';

/** One record of a stream, or what was found in the place of one. */
export type Piece = Found | Problem;

export interface Found {
  readonly record: Fields;
}

export interface Problem {
  readonly problem: string;
  /** It is that of the whole stream, and not of one record. */
  readonly ofForm?: true;
}

export type Emit = (piece: Piece) => void;

/** Cuts a stream of text into its records, holding no more of it than one record. */
export interface Cutter {
  push(text: string, emit: Emit): void;
  /** The stream is over: what is left is half a record. */
  end(emit: Emit): void;
}

export const CUT_OFF = 'the record is cut off before its end';

export function tooLong(limit: number): Problem {
  return { problem: `the record has more than ${limit} characters` };
}

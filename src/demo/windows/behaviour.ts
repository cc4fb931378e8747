import type { FaultShape } from './fault-body.ts';
import type { FaultName } from './faults.ts';
import type { ReadAction } from './namespaces.ts';
import type { Spelling } from './spelling.ts';
import type { ValueStyle } from './wmi-value.ts';

/** How a host speaks and what it does where implementations differ; may be changed at any time, for the next answer. */
export interface Behaviour {
  spelling: Spelling;
  values: ValueStyle;
  faults: FaultShape;
  /** Headers and parts of answers from last to first. */
  isReversed: boolean;
  /** Windows: `w:Items` in an EnumerateResponse, `n:Items` in a PullResponse; crossed: the other way round. */
  items: 'windows' | 'crossed';
  /**
   * What comes with EndOfSequence: Windows an empty context in an EnumerateResponse and none in a PullResponse; OMI one
   * that is good for nothing.
   */
  end: 'windows' | 'omi';
  /** Whether an optimised Enumerate is answered with one item, as Windows 2008 to 2012 were seen to do. */
  firstPage: 'one' | 'full';
  /**
   * How an event pull ends when nothing came: `heartbeat` is empty Items after the heartbeat that was asked for, and
   * the fault where none was. Which one Windows does when is not known for sure.
   */
  emptyPull: 'heartbeat' | 'timed out' | 'empty items';
  /**
   * What a bookmark does whose record is gone: `nearest` goes on with larger record ids, `oldest` begins again with the
   * oldest record, `fault` refuses it.
   */
  lostBookmark: 'nearest' | 'oldest' | 'fault';
  /**
   * Which wishes for a place to begin are passed over: the subscription then begins at the end of the logs, and its first
   * answer is event 111 alone, with a bookmark of where that is.
   */
  marker: 'never' | 'for bookmarks' | 'always';
  /** Whether a pull that timed out has ended its enumeration: the next one is a fault. */
  endsOnTimeout: boolean;
  /** Whether a subscription has ended that was not pulled within the heartbeat that was asked for. */
  endsUnpulled: boolean;
}

export const WINDOWS_BEHAVIOUR: Readonly<Behaviour> = {
  spelling: 'windows',
  values: 'windows',
  faults: 'wsman-fault',
  isReversed: false,
  items: 'windows',
  end: 'windows',
  firstPage: 'one',
  emptyPull: 'heartbeat',
  lostBookmark: 'nearest',
  marker: 'never',
  endsOnTimeout: false,
  endsUnpulled: false,
};

export const OMI_BEHAVIOUR: Readonly<Behaviour> = {
  ...WINDOWS_BEHAVIOUR,
  spelling: 'openwsman',
  values: 'omi',
  faults: 'bare',
  end: 'omi',
  firstPage: 'full',
};

/** A request as a disturbance sees it. */
export interface SeenRequest {
  /** From 1, of this host. */
  readonly number: number;
  /** Of this action, from 1. */
  readonly nth: number;
  readonly action: ReadAction | 'Identify' | 'other';
  readonly actionUri: string;
  readonly resourceUri: string;
}

/** What goes wrong with one answer. */
export type Disturbance =
  /** The request is read and never answered. */
  | { readonly kind: 'stall' }
  /** The connection is torn after this many bytes of the body. */
  | { readonly kind: 'tear'; readonly after: number }
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** The body comes in pieces. */
  | { readonly kind: 'drip'; readonly octets: number; readonly milliseconds: number }
  /** In place of the answer; the request does nothing. */
  | { readonly kind: 'fault'; readonly fault: FaultName }
  /** As a 401 without credentials, a 413, a 503 of HTTP.sys: without a body. */
  | { readonly kind: 'status'; readonly status: number }
  /** An answer with a header of this many bytes, however much the client can bear. */
  | { readonly kind: 'oversized'; readonly octets: number }
  /** This in place of the answer, whatever it is. */
  | { readonly kind: 'verbatim'; readonly body: string; readonly status?: number };

/** Decides for each request; undefined: it is answered as it should be. */
export type Disturb = (request: SeenRequest) => Disturbance | undefined;

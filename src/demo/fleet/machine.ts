import { DAY_S, MINUTE_S } from '../../kernel/time.ts';
import { LICENSE_STATUS } from '../../products/license-status.ts';
import type { RequestFields } from './log-record.ts';
import { HOST_KEYS, PRODUCTS, type ProductName } from './products.ts';

/** Office that was never activated runs for this long. */
const GRACE = 30 * DAY_S;

/** A client machine. */
export interface Machine {
  readonly name: string;
  readonly virtual: boolean;
  /** Its usual name in the log is the bare one. */
  readonly bare: boolean;
  /** Seconds after midnight. */
  readonly arrives: number;
  /** Seconds by which its clock is fast. */
  readonly drift: number;
  clientId: string;
  /** When it is first on. */
  readonly on: number;
  /** When it is gone. */
  readonly until: number;
  imagedAt: number;
  readonly installs: Install[];
}

/** A product on it. */
export interface Install {
  product: ProductName;
  /** When its activation ends; undefined when it never was. */
  end: number | undefined;
  /** When it was set up. */
  since: number;
  next: number;
  /** Since when its user is away; undefined: at work. */
  away: number | undefined;
  /** When another product takes its place. */
  upgradedAt: number;
}

/** A machine as an inventory lists it that sees it whenever it is on. */
export interface ListedMachine {
  /** FQDN in lower case. */
  readonly name: string;
  /** The last time at which it was on. */
  readonly seen: number;
  /** Since when the directory activates it; undefined: not yet. */
  readonly moved: number | undefined;
  readonly products: readonly ProductName[];
}

/** What a client says of itself before it asks. */
export function stateOf({ end, since, product }: Install, now: number): Pick<RequestFields, 'status' | 'minutes'> {
  if (end !== undefined && end > now) {
    return { status: LICENSE_STATUS.licensed, minutes: Math.max(1, Math.floor((end - now) / MINUTE_S)) };
  }
  // New Windows clients say "notification" at their first request; Office has its month.
  const { pool } = HOST_KEYS[PRODUCTS[product].key];
  const grace = pool === 'office' && end === undefined ? since + GRACE - now : 0;
  return grace > 0
    ? { status: LICENSE_STATUS.oob_grace, minutes: Math.floor(grace / MINUTE_S) }
    : { status: LICENSE_STATUS.notification, minutes: 0 };
}

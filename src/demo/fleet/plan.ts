import type { Rhythm, YearlyHoliday } from './calendar.ts';
import type { HostKeyName, ProductName } from './products.ts';

/** A simulated organisation as plain tables, from which everything follows. Days count from the fleet's start. */
export interface FleetPlan {
  readonly sites: readonly SitePlan[];
  readonly groups: readonly GroupPlan[];
  /** Offices are empty then. */
  readonly holiday: YearlyHoliday;
  readonly dns?: DnsTrouble;
}

/** A DNS domain, with the hosts that publish themselves in it. */
export interface SitePlan {
  readonly domain: string;
  readonly hosts: readonly HostPlan[];
}

export interface HostPlan {
  /** FQDN in lower case. */
  readonly name: string;
  /** What it is, a line for people. */
  readonly story: string;
  /** Of its SRV record; clients ask the lowest first. */
  readonly priority: number;
  readonly keys: readonly HostKeyName[];
  readonly trouble?: HostTrouble;
}

/** What happens to a host. */
export interface HostTrouble extends Stretch {
  readonly kind:
    | 'down'
    /** 12291, and nobody is answered. */
    | 'service_failed'
    /** 12293; its record is scavenged two weeks later. */
    | 'publishing_failed'
    | 'record_lost'
    /** Its key is not activated any more. */
    | 'not_activated'
    /** An upgrade has put a client key in the place of its key for Windows. */
    | 'key_lost'
    /** It was reinstalled under its name: it remembers no client, and its log begins again. */
    | 'rebuilt'
    /** It works, and its log reaches nobody. */
    | 'log_lost';
}

/** What happens to DNS. */
export type DnsTrouble = Stretch &
  (
    | {
        /** These domains publish a host whose name no server that is asked resolves. */
        readonly kind: 'unresolved';
        readonly host: string;
        readonly domains: readonly string[];
      }
    /** A second name server of a domain still has a host that is gone. */
    | { readonly kind: 'old_zone'; readonly host: string; readonly domain: string }
  );

/** Machines that are alike. */
export interface GroupPlan {
  /** Short, and different from every other's. */
  readonly name: string;
  /** What they are, a line for people. */
  readonly story: string;
  /** Its domain. */
  readonly site: string;
  /** Machine names begin with it; different from every other group's. */
  readonly prefix: string;
  /** How many machines there are at a time. */
  readonly size: number;
  readonly rhythm: Rhythm;
  /** Each machine has all of them. */
  readonly products: readonly ProductName[];
  /** Share of virtual machines, 0 to 1; default 0. */
  readonly virtual?: number;
  /** They are set up on this day; default: long before the start. */
  readonly fromDay?: number;
  /** Share of the machines that are replaced in a year; default 0. */
  readonly yearlyChurn?: number;
  /** Share of the machines that are set up again in a year, under the same name; default 0. */
  readonly yearlyReimages?: number;
  readonly upgrades?: readonly Upgrade[];
  /** Non-persistent desktops: set up again every morning, under the same name. */
  readonly newEveryDay?: boolean;
  readonly trouble?: ClientTrouble;
}

/** The same machine and client id, and from then on another activation id. */
export interface Upgrade {
  readonly from: ProductName;
  readonly to: ProductName;
  readonly fromDay: number;
  /** The days from the first machine to the last. */
  readonly overDays: number;
}

/** What happens to all machines of a group. */
export type ClientTrouble = Stretch &
  (
    | {
        readonly kind:
          | /** The host answers, and the answer does not reach them. */
          'does_not_take'
          /** Set up again within a week, out of an image that has a client id. */
          | 'cloned';
      }
    /** How many reach no host, the first ones; default: all. */
    | { readonly kind: 'cut_off'; readonly machines?: number }
    /** Activated by the directory, one by one within this many days, and never asking a host again. */
    | { readonly kind: 'moves'; readonly overDays: number }
    /** Switched off one by one within this many days, and not replaced; the first few remain. */
    | { readonly kind: 'leaves'; readonly overDays: number; readonly remain: number }
    /** Clocks that are this many seconds fast, or slow if negative. */
    | { readonly kind: 'clock'; readonly seconds: number }
  );

export interface Stretch {
  readonly fromDay: number;
  /** Default: for ever. */
  readonly toDay?: number;
}

export function isDuring(stretch: Stretch | undefined, day: number): boolean {
  return stretch !== undefined && day >= stretch.fromDay && day < (stretch.toDay ?? Number.POSITIVE_INFINITY);
}

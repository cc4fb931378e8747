import { guidText } from '../../kernel/guid.ts';
import type { ListedLease } from '../../leases/list-lease.ts';
import type { Lease } from '../../leases/types.ts';
import type { ProductCatalogue } from '../../products/product-catalogue.ts';
import { LEASE_COLUMNS } from '../database/lease-table-sql.ts';
import { num, type Row, secs, secsOrNone } from '../database/rows.ts';
import type { Names } from '../history/names.ts';
import { REQUEST_WIDTH, requestColumns, requestOf, type StoredRequest } from '../history/records.ts';
import { RETIRED, SUPERSEDED } from '../leases/exclusion-bits.ts';
import { isRenewalPresumed, unpacked } from '../leases/lease-bits.ts';

/** A lease as readers find it. */
export interface StoredLease extends ListedLease {
  readonly lease: Lease & { readonly last: StoredRequest };
}

/** The columns that `readLease` reads, of leases `l`, their last requests `r` and clients `c`. */
export const STORED_LEASE = [
  ...LEASE_COLUMNS.map((name) => `l.${name}`),
  ...requestColumns('r').split(', '),
  'c.guid',
  '(SELECT since FROM duplicates WHERE client = l.client AND until > 0)',
] as const;

const WIDTH = LEASE_COLUMNS.length;

/** @param row that begins with the columns of `STORED_LEASE` */
export function readLease(row: Row, names: Names, catalogue: ProductCatalogue): StoredLease {
  const [, , , exclusion, , doubt, , flags, first, confirmed, presumed, renewalAt, renewalMachine] = row;
  const guid = row[WIDTH + REQUEST_WIDTH];
  const clientId = guid instanceof Uint8Array ? guidText(guid) : '';
  const machineNo = num(row[LEASE_COLUMNS.indexOf('machine')]);
  const request = requestOf(row.slice(WIDTH, WIDTH + REQUEST_WIDTH), names, catalogue, clientId);
  // A name that fits several machines was found out when the lease was folded.
  const last = { ...request, machineNo, machine: names.machines.name(machineNo) };
  return {
    excluded: { retired: (num(exclusion) & RETIRED) !== 0, superseded: (num(exclusion) & SUPERSEDED) !== 0 },
    duplicate: row[WIDTH + REQUEST_WIDTH + 1] !== null,
    lease: {
      clientId,
      activationId: last.activationId,
      first: secs(first),
      confirmed: secsOrNone(confirmed),
      presumed: secsOrNone(presumed),
      doubt: doubt === 1,
      renewal:
        renewalAt === 0
          ? undefined
          : {
              time: secs(renewalAt),
              machine: names.machines.name(num(renewalMachine)),
              presumed: isRenewalPresumed(num(flags)),
            },
      previous: secsOrNone(row[13]),
      runStart: secs(row[14]),
      ...unpacked(num(row[15])),
      last,
    },
  };
}

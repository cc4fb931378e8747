import { styleText } from 'node:util';
import { columns } from '../kernel/columns.ts';
import { csvHead, csvRow } from '../kernel/csv.ts';
import { DAY_S } from '../kernel/time.ts';
import { isUntold, LEASE_FIELDS, type LeaseJson } from '../leases/lease-json.ts';
import type { LeaseState } from '../leases/types.ts';
import type { Terminal } from './terminal.ts';

export const LEASE_FORMATS = ['table', 'json', 'csv'] as const;
export type LeaseFormat = (typeof LEASE_FORMATS)[number];

const STYLES: Partial<Record<LeaseState, 'green' | 'yellow' | 'red' | 'dim'>> = {
  valid: 'green',
  unactivated: 'red',
  expired: 'red',
  expiring: 'yellow',
  renewal_failing: 'yellow',
  other_license: 'dim',
  renewal_overdue: 'yellow',
  superseded: 'dim',
  retired: 'dim',
};

/** Writes leases page by page. */
export class LeaseWriter {
  readonly #format: LeaseFormat;
  readonly #terminal: Terminal;
  #count = 0;

  constructor(format: LeaseFormat, terminal: Terminal) {
    this.#format = format;
    this.#terminal = terminal;
  }

  write(leases: readonly LeaseJson[]): void {
    const first = this.#count === 0;
    this.#count += leases.length;
    if (this.#format === 'json') this.#writeJson(leases, first);
    else if (this.#format === 'csv') this.#writeCsv(leases, first);
    else if (leases.length > 0) this.#writeTable(leases, first);
  }

  end(): void {
    if (this.#format === 'json') this.#terminal.out(this.#count === 0 ? '[]\n' : '\n]\n');
    if (this.#format === 'table' && this.#count === 0) this.#terminal.out('No lease matches.\n');
  }

  #writeJson(leases: readonly LeaseJson[], first: boolean): void {
    const objects = leases.map((lease) => `  ${JSON.stringify(lease)}`).join(',\n');
    if (objects !== '') this.#terminal.out(`${first ? '[\n' : ',\n'}${objects}`);
  }

  #writeCsv(leases: readonly LeaseJson[], first: boolean): void {
    const rows = leases.map((lease) => csvRow(LEASE_FIELDS.map((field) => lease[field])));
    this.#terminal.out([...(first ? [csvHead(LEASE_FIELDS)] : []), ...rows].join(''));
  }

  #writeTable(leases: readonly LeaseJson[], first: boolean): void {
    const rows = leases.map((lease) => [
      lease.client,
      lease.product,
      isUntold(lease) ? 'not known' : this.#paint(lease.state),
      ending(lease),
      lease.last_request.slice(0, 16).replace('T', ' '),
      lease.host,
    ]);
    const head = first ? [['CLIENT', 'PRODUCT', 'STATE', 'ENDS', 'LAST REQUEST (UTC)', 'HOST']] : [];
    this.#terminal.out(`${columns([...head, ...rows]).join('\n')}\n`);
  }

  #paint(state: LeaseState): string {
    const style = STYLES[state];
    return this.#terminal.color && style !== undefined ? styleText(style, state, { validateStream: false }) : state;
  }
}

function ending({ remaining_seconds: remaining, expiry, expiry_basis: basis }: LeaseJson): string {
  if (remaining === null || expiry === null) return '-';
  const days = Math.abs(remaining) / DAY_S;
  const span = days >= 1 ? `${Math.floor(days)} d` : `${Math.floor(days * 24)} h`;
  return `${remaining > 0 ? `in ${span}` : `${span} ago`}${basis === 'presumed' ? ' (presumed)' : ''}`;
}

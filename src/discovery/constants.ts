/** Record types (IANA DNS parameters). */
export const TYPE = { A: 1, NS: 2, CNAME: 5, SOA: 6, AAAA: 28, SRV: 33, OPT: 41 } as const;

/** The types that are asked for. */
export type QueryType = 'SRV' | 'A' | 'AAAA';

export const CLASS_IN = 1;

export const RCODE = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const;

const RCODE_NAMES = new Map<number, string>([
  ...Object.entries(RCODE).map(([name, code]) => [code, name] as const),
  [6, 'YXDOMAIN'],
  [7, 'YXRRSET'],
  [8, 'NXRRSET'],
  [9, 'NOTAUTH'],
  [10, 'NOTZONE'],
  [23, 'BADCOOKIE'],
]);

/** The name of a response code, with the upper bits of EDNS0 in it (RFC 6891 6.1.3). */
export function rcodeName(rcode: number): string {
  return RCODE_NAMES.get(rcode) ?? `RCODE ${rcode}`;
}

/** Bytes of a UDP answer that pass every usual path in one piece (DNS flag day 2020). */
export const EDNS_PAYLOAD = 1232;

/**
 * The longest message that is read, though TCP could carry 64 KiB: some 400 SRV records, where a domain has a handful.
 * It bounds what a message of nothing but pointers can cost.
 */
export const MAX_MESSAGE = 16 * 1024;

import { ResultCodeError } from 'ldapts';
import { type NetworkCause, networkFailure, networkText } from '../kernel/network-failure.ts';

/** Without a word why. */
export const CLOSED = 'it closed the connection before all was read';

/** Its text is ours, and free of secrets. */
export class DirectoryError extends Error {}

/** Result codes of RFC 4511, appendix A. */
const RESULTS: ReadonlyMap<number, string> = new Map([
  [1, 'it requires a login before it answers: use auth: simple or certificate'],
  [3, 'it took longer than it allows itself'],
  [4, 'it stopped at its own limit of entries'],
  [7, 'it does not support this kind of login: use auth: simple (domain controllers of Samba have no SASL EXTERNAL)'],
  [8, 'it requires a stronger login: use ldaps, and auth: simple or certificate'],
  [10, 'it refers to another directory: name a domain controller of the domain itself in url'],
  [11, 'it stopped at the limit of entries that its administrator set'],
  [13, 'it requires an encrypted connection'],
  [32, 'it has no such part of the directory: is it a domain controller of Active Directory?'],
  [34, 'it cannot read the name: write bind_dn as CN=...,DC=... or NAME@DOMAIN'],
  [48, 'it does not allow this login: use auth: simple or certificate'],
  [49, 'it rejects the login: check bind_dn and the password, and that the account is not locked'],
  [50, 'the account may not read it'],
  [51, 'it is too busy'],
  [52, 'it is not available now'],
  [53, 'it is not willing to answer'],
]);

const REMEDIES: Readonly<Partial<Record<NetworkCause, string>>> = {
  no_name: 'check the name in url, and DNS',
  no_name_now: 'check DNS',
  refused: 'LDAPS is port 636; a domain controller has it once it has a certificate',
  no_answer: 'is port 636 open in its firewall?',
  tls_name: 'use a name from the certificate in url',
  tls_expired: 'renew it',
  tls_not_yet_valid: 'check the clocks',
  tls_self_signed: 'put it into ca_file',
  tls_untrusted: 'put that authority into ca_file',
  tls_missing: 'the port for LDAPS is 636, or 3269 for the global catalog',
};

/** What happened, and what to do. The other side's texts are left out. */
export function failureText(error: unknown): string {
  if (error instanceof DirectoryError) return error.message;
  if (error instanceof ResultCodeError) {
    return RESULTS.get(error.code) ?? `it refuses the question (LDAP result ${error.code})`;
  }
  const failure = networkFailure(error);
  if (failure.code !== undefined) return networkText(failure, REMEDIES);
  // The client's own words for a timer that ran out, and for the end of the connection.
  if (error instanceof Error && /timeout|timed out/i.test(error.message)) return 'it did not answer in time';
  if (error instanceof Error && /closed|end/i.test(error.message)) return CLOSED;
  return 'its answer cannot be read';
}

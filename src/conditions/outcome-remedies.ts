import type { ProbeOutcome } from '../probe/types.ts';
import { SLMGR } from '../products/scripts.ts';
import { nameAdvice } from './published-names.ts';

/** The remedy for each outcome of a probe. No record is to be removed but by a name server's word or another service's. */
export const OUTCOME_REMEDIES: Readonly<Record<ProbeOutcome, string>> = {
  ok: 'Nothing to do.',
  busy: 'It is overloaded: look at its CPU and at the number of clients that ask it. It should recover by itself.',
  denied: 'Its RPC restrictions refuse anonymous binds: look at the policy "Restrict Unauthenticated RPC clients".',
  not_kms: `RPC answers, but not KMS: check the port, and that a KMS host key is installed (${SLMGR} /dlv).`,
  not_rpc: 'Something else is listening there: check the port in the SRV record, and what runs on the host.',
  silent: 'The port is open, but nothing answers: look at sppsvc on the host, or at a forwarder in between.',
  closed: 'The connection is closed at once: look for a load balancer or an inspecting firewall in between.',
  refused: `Nothing is listening: start sppsvc, and check its port (${SLMGR} /dlv) and the firewall rule SPPSVC-In-TCP.`,
  unreachable: 'There is no route to it: check that the machine is on, its address in DNS, and the routing.',
  filtered:
    'There is no answer at all: check that the machine is on. If it is, a firewall drops TCP to it (rule SPPSVC-In-TCP).',
  unresolvable: 'Its name has no address: check the spelling of the name, and its A record.',
  lookup_failed:
    'Nothing is known of this host, and its records may be right: name a server that resolves its name (discovery.servers, --server), or let one of these forward the query.',
  error: 'The probe failed in an unusual way. Read the detail, try again, and look at the log.',
};

/** Behind advice to remove a record: without any, nobody in the domain finds a host. */
export const ONLY_HOST = 'If it is the only host of its domain, publish another one first.';

const GONE =
  'Its name has no address: correct its A record, or remove the SRV record if the host no longer exists and the domain has another one.';

/** The same for the last host of a domain: its record must stay. */
export function safeRemedyFor(outcome: ProbeOutcome, names: readonly string[], isPublished: boolean): string {
  const remedy = remedyFor(outcome, names, isPublished);
  return remedy === GONE ? OUTCOME_REMEDIES.unresolvable : remedy;
}

/** The remedy for a host that was probed by these names, of which DNS publishes some. */
export function remedyFor(outcome: ProbeOutcome, names: readonly string[], isPublished: boolean): string {
  if (outcome !== 'unresolvable' && outcome !== 'lookup_failed') return OUTCOME_REMEDIES[outcome];
  const advice = names.map((name) => nameAdvice(name, isPublished)).find((text) => text !== undefined);
  if (advice !== undefined) return advice;
  return outcome === 'unresolvable' && isPublished ? GONE : OUTCOME_REMEDIES[outcome];
}

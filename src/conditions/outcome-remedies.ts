import type { ProbeOutcome } from '../probe/types.ts';

/** The remedy for each outcome of a probe. */
export const OUTCOME_REMEDIES: Readonly<Record<ProbeOutcome, string>> = {
  ok: 'Nothing to do.',
  busy: 'It is overloaded: look at its CPU and at the number of clients that ask it. It should recover by itself.',
  denied: 'Its RPC restrictions refuse anonymous binds: look at the policy "Restrict Unauthenticated RPC clients".',
  not_kms: 'RPC answers, but not KMS: check the port, and that a KMS host key is installed (slmgr /dlv).',
  not_rpc: 'Something else is listening there: check the port in the SRV record, and what runs on the host.',
  silent: 'The port is open, but nothing answers: look at sppsvc on the host, or at a forwarder in between.',
  closed: 'The connection is closed at once: look for a load balancer or an inspecting firewall in between.',
  refused: 'Nothing is listening: start sppsvc, and check its port (slmgr /dlv) and the firewall rule SPPSVC-In-TCP.',
  unreachable: 'There is no route to it: check that the machine is on, its address in DNS, and the routing.',
  filtered:
    'There is no answer at all: check that the machine is on. If it is, a firewall drops TCP to it (rule SPPSVC-In-TCP).',
  unresolvable: 'Its name has no address: remove the stale SRV record, or correct its A record.',
  error: 'The probe failed in an unusual way. Read the detail, try again, and look at the log.',
};

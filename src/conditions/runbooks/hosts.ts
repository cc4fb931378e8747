import type { Runbook } from '../condition.ts';

export const HOST_RUNBOOKS = {
  KmsNoHostAvailable: {
    meaning:
      'A domain publishes or expects KMS hosts, and not one of them accepted a bind to the KMS interface in the last probe; or the same is so for all hosts that kmswatch knows. A probe is an anonymous DCE/RPC bind on TCP 1688 to every address of a host, and never an activation request.',
    impact:
      'Nobody is activated. Machines that are activated notice nothing for a long time: a lease lasts 180 days, and Windows tries again every two hours from the seventh day on. New and newly installed machines are not activated from the first day.',
    diagnosis: [
      'Run `kmswatch check --domain DOMAIN`: it says for each host how the bind failed and what to do about it.',
      'When all hosts are `filtered` or `unreachable`, look for the network between the agent and them first: can other machines reach them? `Test-NetConnection HOST -Port 1688` on a client tells.',
      'When they are `refused`, the service is not running: `Get-Service sppsvc` on the host. `sppsvc` stops when idle and is started by a request; a KMS host keeps it running.',
    ],
    mitigation: [
      'Start the service (`Start-Service sppsvc`) or the machine; open TCP 1688 inbound (rule `SPPSVC-In-TCP`).',
      'If no host can be brought back within days, set up another one: install the host key, activate it, let it publish itself. Its count starts at 0 and has to reach the threshold first.',
    ],
  },
  KmsHostDown: {
    meaning:
      'One host and port did not accept a bind to the KMS interface on any of its addresses. `kms_host_probe_outcome` has the best outcome over its addresses.',
    impact:
      'While another host of the domain is up, clients go there: they try the records by priority and weight. Those that have cached this host lose half a minute at each try. A host that comes back late has lost its count: it holds the clients of 30 days.',
    diagnosis: [
      'Run `kmswatch check --host HOST:PORT`. Each outcome is explained in docs/troubleshooting.md.',
      'Compare with a client: `Test-NetConnection HOST -Port 1688`.',
      'On the host: `Get-Service sppsvc`, `slmgr /dlv` (is it a KMS host, on which port), and the log Application for events 12291 and 12292.',
    ],
    mitigation: [
      'Do what `check` says for the outcome.',
      'A host that is gone for good: remove its SRV record, and take it out of `hosts` and `expected_hosts`.',
    ],
  },
  KmsHostImpostor: {
    meaning:
      'The host accepted a bind to an interface id that kmswatch made up. Windows refuses that; emulators of KMS accept anything. The second look is made hourly and whenever a host comes up.',
    impact:
      'Clients that were activated by an emulator are not licensed, whatever they show. An emulator that is published in DNS takes clients away from the genuine hosts, whose count sinks.',
    diagnosis: [
      'Find out which machine has that address, who runs it, and since when its SRV record is there (its owner and time stamp in DNS).',
      'Port scanners and some load balancers accept every bind as well: look at what stands in front of the host.',
    ],
    mitigation: [
      'Remove the SRV record, stop the emulator, and let the clients activate at a genuine host (`slmgr /ato`).',
      'Restrict who may write `_vlmcs._tcp` in the zone.',
    ],
  },
} satisfies Record<string, Runbook>;

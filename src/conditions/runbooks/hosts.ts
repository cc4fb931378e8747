import type { Runbook } from '../condition.ts';

export const HOST_RUNBOOKS = {
  KmsNoHostAvailable: {
    meaning:
      'A domain publishes or expects KMS hosts, but not one of them accepted a bind to the KMS interface in the last probe. Without a domain, this applies to every host that kmswatch knows. A probe is an anonymous DCE/RPC bind on TCP port 1688 to every address of a host, never an activation request.',
    impact:
      'No machine can activate. Activated machines notice nothing for a long time: a lease lasts 180 days, and Windows tries again every two hours from the seventh day on. New and newly installed machines are not activated from the first day.',
    diagnosis: [
      'Run `kmswatch check --domain DOMAIN`. It shows how the bind to each host failed, and what to do about it.',
      'If all hosts are `filtered` or `unreachable`, check the network between the agent and the hosts first. Run `Test-NetConnection HOST -Port 1688` on a client to see whether other machines can reach them.',
      'If they are `refused`, the service is not running. Run `Get-Service sppsvc` on the host. On a KMS host it keeps running. While it is stopped, nothing listens, so no request of a client starts it.',
    ],
    mitigation: [
      'Start the service (`Start-Service sppsvc`) or the machine. Allow inbound TCP port 1688 (rule `SPPSVC-In-TCP`).',
      'If no host can be brought back within days, set up another one: install the host key, activate it, and let it publish itself. Its count starts at 0 and has to reach the threshold before it can activate clients.',
    ],
  },
  KmsHostDown: {
    meaning:
      'One host and port did not accept a bind to the KMS interface on any of its addresses. `kms_host_probe_outcome` has the best outcome over its addresses.',
    impact:
      'While another host of the domain is up, clients use that one: they try the records by priority and weight. Clients that have cached this host lose half a minute at each try. If the host stays away for long, it loses its count, because it counts the clients of the last 30 days.',
    diagnosis: [
      'Run `kmswatch check --host HOST:PORT`: it says what the outcome means, and what to do.',
      'Compare with a client: `Test-NetConnection HOST -Port 1688`.',
      'On the host, run `Get-Service sppsvc` and `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv` (is it a KMS host, and on which port? On Server Core too), and look in the Application log for events 12291 and 12292.',
    ],
    mitigation: [
      'Follow the advice of `kmswatch check` for the outcome.',
      'If the host is gone for good, remove its SRV record, and take it out of `hosts` and `expected_hosts`. If it is the only host of its domain, publish another one first.',
    ],
  },
  KmsHostImpostor: {
    meaning:
      'The host accepted a bind to an interface id that kmswatch made up. Windows refuses such a bind; KMS emulators accept anything. kmswatch makes this check every hour, and whenever a host comes up.',
    impact:
      'Clients activated by an emulator are not licensed, whatever they show. An emulator published in DNS takes clients away from the genuine hosts, so their counts fall.',
    diagnosis: [
      'Find out which machine has that address, who runs it, and how long its SRV record has existed (see its owner and time stamp in DNS).',
      'Port scanners and some load balancers accept every bind as well. Check for one in front of the host.',
    ],
    mitigation: [
      'Remove the SRV record, stop the emulator, and activate the clients at a genuine host (`slmgr /ato`). If it is the only host of its domain, publish another one first.',
      'Restrict the right to write `_vlmcs._tcp` in the zone.',
    ],
  },
} satisfies Record<string, Runbook>;

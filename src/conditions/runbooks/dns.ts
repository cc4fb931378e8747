import type { Runbook } from '../condition.ts';

export const DNS_RUNBOOKS = {
  KmsSrvRecordMissing: {
    meaning:
      'Critical: at least one name server of a domain answers, and none that does has an SRV record `_vlmcs._tcp`. Warning: a host listed in `expected_hosts` has no record, though others may have one.',
    impact:
      'Clients find KMS hosts only by this record, unless a policy or `slmgr /skms` names one (`slmgr /ckms` undoes that). Clients that have cached a host keep using it. All others are not activated.',
    diagnosis: [
      'Query DNS yourself: `nslookup -type=srv _vlmcs._tcp.DOMAIN SERVER`, or `kmswatch check --domain DOMAIN`.',
      'On the KMS host, look in the Application log for events 12293 (publishing failed, with the reason) and 12294 (published). `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv` shows whether publishing is on.',
      'Was the zone cleaned up? Is scavenging on while the host cannot refresh its record?',
    ],
    mitigation: [
      'On the KMS host, run `slmgr /sdns`, then `Restart-Service sppsvc`. The host publishes its record when the service starts and once a day.',
      'If a domain has several hosts, put their computer accounts into a group that has the right to write the record.',
      'Or create the record by hand: service `_VLMCS`, protocol `_TCP`, port 1688, and the FQDN of the host as target.',
    ],
  },
  KmsSrvRecordStale: {
    meaning:
      'A domain publishes a host and port that cannot be KMS: a name server says that the name has no address, or something else answers there. A host that is merely down raises `KmsHostDown`. If no name server answers for the name, nothing is known of it, and `KmsDnsLookupFailing` fires instead.',
    impact: 'Clients pick a record by priority and weight. Each time a client picks this one, it loses time.',
    diagnosis: [
      'Run `kmswatch check --domain DOMAIN`. It shows the record, and what answers there. If only some name servers publish the record, it names them.',
      'Is the domain in the name twice, as in `kms01.example.com.example.com`? Then the target lacks its final dot in the zone. Is it a name without a domain? Then clients cannot look it up.',
      'Was the host renamed, replaced or moved to another port (`slmgr /sprt`)?',
    ],
    mitigation: [
      'If the name or the port is wrong, correct the target and port of the record, or the A record of the host.',
      'If only one name server has the record, repair the replication of its zone first.',
      'If the host no longer exists, delete the record by hand. A host that is switched off does not remove its record. If it is the only host of its domain, publish another one first.',
    ],
  },
  KmsSrvRecordUnexpected: {
    meaning:
      'The domain has a list of `expected_hosts`, and publishes a host that is not on it. Any machine that has a KMS host key installed publishes itself.',
    impact:
      'Clients are split between the hosts, so each host counts fewer clients and may fall below the threshold. An unknown host may also be an emulator.',
    diagnosis: [
      'Who owns the record (see its security tab in the DNS console), and which machine does it name?',
      'On that machine, `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv` shows whether a KMS host key is installed. A common mistake is a host key on a client image.',
    ],
    mitigation: [
      'If it is a mistake: install the client key on the machine (Microsoft lists these keys as GVLK), run `slmgr /cdns`, and delete the record. If it is the only host of its domain, publish another one first.',
      'If it is meant to be there: add it to `expected_hosts`.',
    ],
  },
  KmsDnsServersDisagree: {
    meaning:
      'For longer than replication takes (4 hours), the name servers that answer have given different targets, ports, priorities or weights. After 5 minutes already, if a host that only some of them publish is not up (`partial="yes"`).',
    impact: 'Clients see different hosts depending on the name server they ask. Some may see none.',
    diagnosis: [
      'Run `kmswatch check --domain DOMAIN`. It shows the records that only some servers have.',
      'Run `repadmin /replsummary` and `dcdiag /test:dns` on a domain controller. Is one of the servers a secondary that has stopped transferring the zone, or a forwarder with an old cache?',
    ],
    mitigation: [
      'Repair the replication. As long as it is broken, deleting and recreating the record does not help.',
      'If a server has nothing to do with this zone, remove it from `discovery.servers`.',
    ],
  },
  KmsDnsLookupFailing: {
    meaning:
      'A name server gave no answer for the domain in the last lookup, after all attempts. Or none gave an answer for the name of a host, not even the resolver of the system on which the agent runs. An empty answer and NXDOMAIN count as answers.',
    impact:
      'Clients that ask this server find no KMS host. While the server is silent, kmswatch does not know which records it has. A host whose name nobody resolves counts as unknown: neither as up nor as down (`kms_hosts_unknown`).',
    diagnosis: [
      'Run `kmswatch check --domain DOMAIN`: it says why each name server does not answer. `kms_dns_lookup_failures_total` counts the reasons.',
      "Run `nslookup -type=srv _vlmcs._tcp.DOMAIN SERVER` from the agent's machine and from a client.",
    ],
    mitigation: [
      'Bring the server back, or allow the agent to query it: UDP and TCP port 53, and recursion or the zone.',
      'If the server was replaced, change `discovery.servers`.',
      'If the target of a record is in a zone that these servers do not serve, add a server that resolves it to `discovery.servers`. Do not delete the record: nothing is known against it.',
    ],
  },
  KmsDnsPublishingFailed: {
    meaning:
      "If the alert names a domain: the host's last event 12293 (publishing failed) for it is later than its last 12294 (published). Otherwise: the host reports that publishing is switched off, and no watched domain has a record of it.",
    impact:
      'Nothing happens at first. If scavenging is on in the zone (by default it is off), a record that is not refreshed is removed after 14 days and up to one scavenging period more; clients then find no host. If it is off, an old record stays for ever, also after the host has moved.',
    diagnosis: [
      'The first value of event 12293 is the reason. 0x80072338: the host has no right to change the existing record. 0x8007267C: the host has no name server. Others are DNS error codes.',
      'Who owns `_vlmcs._tcp` in the zone? If there are several KMS hosts, the first one that published owns it.',
    ],
    mitigation: [
      "Give the hosts' computer accounts the right to write the record, then run `Restart-Service sppsvc`. Event 12294 confirms success.",
      'If the host should publish in other domains as well, list them in its registry value `DnsDomainPublishList`.',
      'Or switch publishing off (`slmgr /cdns`) and maintain the records by hand.',
    ],
  },
} satisfies Record<string, Runbook>;

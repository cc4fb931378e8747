import type { Runbook } from '../condition.ts';

export const DNS_RUNBOOKS = {
  KmsSrvRecordMissing: {
    meaning:
      'Critical: every name server of a domain answers, and none has an SRV record `_vlmcs._tcp`. Warning: a host that `expected_hosts` names has no record, while others may have one.',
    impact:
      'Clients find KMS hosts by this record alone unless a policy names one (`slmgr /skms`). Those that have cached a host go on with it; all others are not activated.',
    diagnosis: [
      'Ask by hand: `nslookup -type=srv _vlmcs._tcp.DOMAIN SERVER`, or `kmswatch check --domain DOMAIN`.',
      'On the KMS host, look in the log Application for events 12293 (publishing failed, with the reason) and 12294 (published). `slmgr /dlv` says whether publishing is on.',
      'Was the zone cleaned up, or is scavenging on while the host cannot refresh its record?',
    ],
    mitigation: [
      'On the KMS host: `slmgr /sdns`, then `Restart-Service sppsvc`. It publishes itself at the start and once a day.',
      'For several hosts in one domain, give their computer accounts the right to write the record: put them into a group that may.',
      'Or write the record by hand: service `_VLMCS`, protocol `_TCP`, port 1688, target the FQDN of the host.',
    ],
  },
  KmsSrvRecordStale: {
    meaning:
      'A domain publishes a host and port that cannot be KMS: the name has no address, or something else answers there. A host that is merely down is `KmsHostDown`.',
    impact: 'Clients pick among the records by priority and weight. Those that pick this one lose time at every try.',
    diagnosis: [
      '`kmswatch check --domain DOMAIN` says which record, and what answers there.',
      'Was the host renamed, replaced or given another port (`slmgr /sprt`)?',
    ],
    mitigation: [
      'Delete the record by hand: a host that was switched off does not take its record away.',
      'Or correct target and port, or the A record of the host.',
    ],
  },
  KmsSrvRecordUnexpected: {
    meaning:
      'The domain has a list of `expected_hosts`, and publishes one that is not on it. Any machine on which somebody installs a KMS host key publishes itself.',
    impact:
      'Clients split between the hosts, so that each counts fewer of them and may fall below the threshold. An unknown host may be an emulator.',
    diagnosis: [
      'Who owns the record (its security tab in the DNS console), and which machine is it?',
      'On it, `slmgr /dlv` says whether a KMS host key is installed; a common mistake is a host key on a client image.',
    ],
    mitigation: [
      'A mistake: install the client key on it (Microsoft lists them as GVLK), run `slmgr /cdns`, delete the record.',
      'Meant to be there: add it to `expected_hosts`.',
    ],
  },
  KmsDnsServersDisagree: {
    meaning:
      'The name servers that answered differ in target, port, priority or weight of the records for longer than replication takes (4 hours).',
    impact: 'Clients see other hosts depending on whom they ask; some may see none.',
    diagnosis: [
      '`kmswatch check --domain DOMAIN` prints what each server alone has.',
      '`repadmin /replsummary` and `dcdiag /test:dns` on a domain controller. Is one of the servers a secondary that transfers no more, or a forwarder with an old cache?',
    ],
    mitigation: [
      'Mend the replication. Deleting and writing the record again does not help while that is broken.',
      'If a server has nothing to do with this zone, take it out of `discovery.servers`.',
    ],
  },
  KmsDnsLookupFailing: {
    meaning:
      'A name server gave no answer for the domain in the last lookup, after all attempts. An empty answer and NXDOMAIN are answers.',
    impact:
      'Clients that ask this server find no KMS host. While it is silent, kmswatch does not know what it would say, and says nothing of missing records.',
    diagnosis: [
      '`kms_dns_lookup_failures_total` has the reason; docs/troubleshooting.md says what each one means.',
      '`nslookup -type=srv _vlmcs._tcp.DOMAIN SERVER` from the machine of the agent and from a client.',
    ],
    mitigation: [
      'Bring the server back, or let it answer the agent: UDP and TCP 53, and recursion or the zone.',
      'A server that was replaced: change `discovery.servers`.',
    ],
  },
  KmsDnsPublishingFailed: {
    meaning:
      "With a domain: the host's last event 12293 (publishing failed) for it is later than its last 12294 (published). Without: the host says that it does not publish itself, and no watched domain has a record of it.",
    impact:
      'Nothing at first. A record that is not refreshed is scavenged, by default within two weeks; then clients find no host.',
    diagnosis: [
      'The first value of event 12293 is the reason: 0x80072338 means that the host may not change a record that is there, 0x8007267C that it has no name server; others are DNS error codes.',
      'Who owns `_vlmcs._tcp` in the zone? With several KMS hosts, the first one that published owns it.',
    ],
    mitigation: [
      "Give the hosts' computer accounts the right to write the record, then `Restart-Service sppsvc`; event 12294 confirms it.",
      'For more domains than its own, list them in the registry value `DnsDomainPublishList` of the host.',
      'Or switch publishing off (`slmgr /cdns`) and keep the records by hand.',
    ],
  },
} satisfies Record<string, Runbook>;

import { WRONG_CLOCK } from './wrong-clocks.ts';

/** Alerts by name, and by what their labels have: a text (`''` for none), or any but none. */
export interface AlertPattern {
  readonly names: readonly string[] | 'all';
  /** Of all, not these. */
  readonly except?: readonly string[];
  readonly labels?: Readonly<Record<string, string | typeof ANY>>;
}

/** Any text but the empty one. */
export const ANY = Symbol('any');

/** A condition that explains others: while it fires, no message names them. */
export interface Explanation {
  /** Why, as a comment beside the inhibition rule. */
  readonly because: string;
  readonly cause: AlertPattern;
  readonly effects: AlertPattern;
  /** Labels that have to be the same, beside those of the site. */
  readonly equal: readonly string[];
}

/**
 * What explains what. The status page, `check`, `explained_by`, the notifier, the inhibition of Alertmanager and the
 * rules of Grafana are made from this table. What is explained holds for at least as long as its cause before it fires.
 */
export const EXPLANATIONS: readonly Explanation[] = [
  {
    because: 'If no agent of a site is up, its last alerts can no longer be trusted.',
    cause: { names: ['KmswatchDown'] },
    effects: { names: 'all' },
    equal: [],
  },
  {
    because: 'The same if a site sends nothing any more.',
    cause: { names: ['KmswatchSiteMissing'] },
    effects: { names: 'all', except: ['KmswatchDown'] },
    equal: [],
  },
  {
    because: 'An agent without its database takes in neither reports nor records.',
    cause: { names: ['KmswatchStoreFailing'] },
    effects: { names: ['KmsReportStale', 'KmsActivationFeedStale'] },
    equal: ['instance'],
  },
  {
    because: 'If no host at all is up, this is true for every domain and every host.',
    cause: { names: ['KmsNoHostAvailable'], labels: { domain: '' } },
    effects: { names: ['KmsNoHostAvailable'], labels: { domain: ANY } },
    equal: [],
  },
  {
    because: 'The same for each host.',
    cause: { names: ['KmsNoHostAvailable'], labels: { domain: '' } },
    effects: { names: ['KmsHostDown'] },
    equal: [],
  },
  {
    because: 'If no host of a domain is up, each of its hosts is down. Hosts of another domain are another matter.',
    cause: { names: ['KmsNoHostAvailable'], labels: { domain: ANY } },
    effects: { names: ['KmsHostDown', 'KmsSrvRecordStale'] },
    equal: ['domain'],
  },
  {
    because: 'A service that has failed, or has no key at all, does not listen and activates nobody.',
    cause: { names: ['KmsServiceFailure'] },
    effects: { names: ['KmsHostDown', 'KmsRequestsFailing', 'KmsClientsRetrying', 'KmsHostIdle'] },
    equal: ['host'],
  },
  {
    because: 'Without any KMS host key, the service does not listen.',
    cause: { names: ['KmsHostKeyMissing'], labels: { keys: 'none' } },
    effects: { names: ['KmsHostDown'] },
    equal: ['host'],
  },
  {
    because: 'A host that is down at all its ports sends neither reports nor log records.',
    cause: { names: ['KmsHostDown'], labels: { other_ports: '', partial: '' } },
    effects: { names: ['KmsReportStale', 'KmsActivationFeedStale', 'KmsHostIdle'] },
    equal: ['host'],
  },
  {
    because: 'Something else that answers in place of a host is why the host is down.',
    cause: { names: ['KmsHostDown'], labels: { partial: '' } },
    effects: { names: ['KmsSrvRecordStale'], labels: { partial: '' } },
    equal: ['domain', 'host', 'port'],
  },
  {
    because: 'Without a working key, a host activates no client of that pool.',
    cause: { names: ['KmsHostNotActivated', 'KmsHostKeyMissing'] },
    effects: { names: ['KmsRequestsFailing', 'KmsClientsRetrying', 'KmsProductRefused', 'KmsHostIdle'] },
    equal: ['host', 'pool'],
  },
  {
    because: 'If a product is refused, its clients keep retrying.',
    cause: { names: ['KmsProductRefused'] },
    effects: { names: ['KmsClientsRetrying'] },
    equal: ['host', 'class'],
  },
  {
    because:
      'A host refuses clients with a wrong clock, and these ask again and again. Others beside them are another matter.',
    cause: { names: ['KmsClientClockSkew'] },
    effects: { names: ['KmsRequestsFailing', 'KmsClientsRetrying'], labels: WRONG_CLOCK },
    equal: ['host'],
  },
  {
    because: 'If there is no record at all, a single missing record or a host that cannot publish is no news.',
    cause: { names: ['KmsSrvRecordMissing'], labels: { severity: 'critical' } },
    effects: { names: ['KmsSrvRecordMissing', 'KmsDnsPublishingFailed'], labels: { severity: 'warning' } },
    equal: ['domain'],
  },
  {
    because: 'A name server with an old zone publishes records that the others do not have.',
    cause: { names: ['KmsDnsServersDisagree'] },
    effects: { names: ['KmsSrvRecordUnexpected', 'KmsSrvRecordStale', 'KmsHostDown'], labels: { partial: 'yes' } },
    equal: ['domain'],
  },
  {
    because: 'A host that is down as well is the more urgent word of the same.',
    cause: { names: ['KmsDnsServersDisagree'], labels: { partial: 'yes' } },
    effects: { names: ['KmsDnsServersDisagree'], labels: { partial: '' } },
    equal: ['domain'],
  },
  {
    because: 'If a domain is below its threshold, so are its hosts, and their clients ask again and again.',
    cause: { names: ['KmsClientsBelowThreshold'] },
    effects: {
      names: ['KmsClientsNearThreshold', 'KmsHostBelowThreshold', 'KmsThresholdBreachAhead', 'KmsClientsRetrying'],
    },
    equal: ['domain', 'class'],
  },
  {
    because: 'The same for a single host.',
    cause: { names: ['KmsHostBelowThreshold'] },
    effects: { names: ['KmsThresholdBreachAhead', 'KmsClientsRetrying'] },
    equal: ['host', 'class'],
  },
  {
    because: 'Machines that stopped renewing are the clients of stalled renewals.',
    cause: { names: ['KmsRenewalsStalled'] },
    effects: { names: ['KmsMachinesNotRenewing'], labels: { verdict: 'not_renewing' } },
    equal: ['class'],
  },
  {
    because: 'Within days is worse than within weeks.',
    cause: { names: ['KmsLeasesExpiringSoon'] },
    effects: { names: ['KmsLeasesExpiring'] },
    equal: ['class'],
  },
];

/**
 * Alerts that are one fault whatever the class or the pool: a machine that stops asking stops for Windows and for Office,
 * and a host that nobody asks is asked for neither.
 */
export const ACROSS_CLASSES: ReadonlySet<string> = new Set([
  'KmsLeasesExpiringSoon',
  'KmsLeasesExpiring',
  'KmsLeasesExpired',
  'KmsRenewalsFailing',
  'KmsRenewalsStalled',
  'KmsHostIdle',
]);

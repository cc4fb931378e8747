import { HOUR_S } from '../../kernel/time.ts';
import { OFFICE_SITE, SERVER_SITE } from './healthy-plan.ts';
import type { FleetPlan, GroupPlan, HostTrouble } from './plan.ts';

/** A failure from real life. */
export interface Failure {
  readonly name: string;
  /** The failure in a line for people. */
  readonly story: string;
  /** Days from the cause to the day on which users would notice without a monitor, and why then. */
  readonly noticedAfter: number;
  readonly noticedBecause: string;
  /** The same organisation with this failure from the given day on. */
  readonly apply: (plan: FleetPlan, day: number) => FleetPlan;
}

/** Windows warns its user 30 days before the 180 end (Microsoft, "Guidelines for troubleshooting KMS"). */
const TOAST = 150;
const WARNED = 'Windows warns its users 30 days before activation ends';
/** A new machine that is not activated complains at once, but first there has to be one. */
const NEXT_MACHINE = 3;
const NEW_FAIL = 'the next new machine does not activate';

export const FAILURES: readonly Failure[] = [
  {
    name: 'firewall',
    story: 'a new firewall rule cuts a branch of notebooks off from port 1688',
    noticedAfter: TOAST,
    noticedBecause: WARNED,
    apply: (plan, fromDay) => withGroup(plan, 'notebooks', { trouble: { kind: 'cut_off', fromDay } }),
  },
  {
    name: 'hosts down',
    story: 'both hosts of the offices are shut down',
    noticedAfter: NEXT_MACHINE,
    noticedBecause: NEW_FAIL,
    apply: (plan, fromDay) => withHosts(plan, OFFICE_SITE, { kind: 'down', fromDay }),
  },
  {
    name: 'record lost',
    story: 'someone tidies up DNS and deletes the SRV records',
    noticedAfter: NEXT_MACHINE,
    noticedBecause: NEW_FAIL,
    apply: (plan, fromDay) => withHosts(plan, OFFICE_SITE, { kind: 'record_lost', fromDay }),
  },
  {
    name: 'publishing refused',
    story: 'the host loses the right to update its DNS record, which is scavenged two weeks later',
    noticedAfter: 14 + NEXT_MACHINE,
    noticedBecause: NEW_FAIL,
    apply: (plan, fromDay) => withHosts(plan, OFFICE_SITE, { kind: 'publishing_failed', fromDay }),
  },
  {
    name: 'host not activated',
    story: 'the host is moved to new hardware, and its own key is not activated again',
    noticedAfter: NEXT_MACHINE,
    noticedBecause: NEW_FAIL,
    apply: (plan, fromDay) => withHosts(plan, OFFICE_SITE, { kind: 'not_activated', fromDay }),
  },
  {
    name: 'key lost',
    story: 'an upgrade of Windows on the host replaces its KMS host key by a client key; its Office keys stay',
    noticedAfter: NEXT_MACHINE,
    noticedBecause: NEW_FAIL,
    apply: (plan, fromDay) => withHosts(plan, OFFICE_SITE, { kind: 'key_lost', fromDay }),
  },
  {
    name: 'host rebuilt',
    story: "the offices' hosts are installed again under their names, with their keys, and remember no client",
    noticedAfter: NEXT_MACHINE,
    noticedBecause: 'the next new machine does not activate until 25 have asked',
    apply: (plan, fromDay) => withHosts(plan, OFFICE_SITE, { kind: 'rebuilt', fromDay }),
  },
  {
    name: 'central host',
    story: 'five domains begin to publish a central host, whose name the name servers that are asked do not resolve',
    noticedAfter: Number.POSITIVE_INFINITY,
    noticedBecause: 'users do not notice it: it is the agent that knows nothing of this host',
    apply: (plan, fromDay) => ({
      ...plan,
      dns: { kind: 'unresolved', host: 'kms.hq.example', domains: BRANCHES, fromDay },
    }),
  },
  {
    name: 'old zone',
    story: 'a second name server comes back with an old copy of the zone, which has a host that is gone',
    noticedAfter: NEXT_MACHINE,
    noticedBecause: 'a new machine that asks this server does not activate',
    apply: (plan, fromDay) => ({
      ...plan,
      dns: { kind: 'old_zone', host: `kms00.${OFFICE_SITE}`, domain: OFFICE_SITE, fromDay },
    }),
  },
  {
    name: 'service fails',
    story: "after an update, the licensing service on the data centre's host no longer starts",
    noticedAfter: TOAST,
    noticedBecause: WARNED,
    apply: (plan, fromDay) => withHosts(plan, SERVER_SITE, { kind: 'service_failed', fromDay }),
  },
  {
    name: 'cloned image',
    story: 'the desktops are reinstalled from an image that was not generalised, so all share one client id',
    noticedAfter: TOAST,
    noticedBecause: 'nothing fails until the count falls below the threshold',
    apply: (plan, fromDay) => withGroup(plan, 'desktops', { trouble: { kind: 'cloned', fromDay } }),
  },
  {
    name: 'golden image',
    story: 'forty new machines are set up from a golden image that was not generalised',
    noticedAfter: TOAST,
    noticedBecause: 'nothing fails until the count falls below the threshold',
    apply: (plan, fromDay) => ({ ...plan, groups: [...plan.groups, goldenImage(fromDay)] }),
  },
  {
    name: 'wrong clock',
    story: 'a hypervisor gives its servers a time that is six hours off',
    noticedAfter: TOAST,
    noticedBecause: WARNED,
    apply: (plan, fromDay) => withGroup(plan, 'servers', { trouble: { kind: 'clock', seconds: 6 * HOUR_S, fromDay } }),
  },
  {
    name: 'key too old',
    story: 'Office LTSC 2024 is rolled out, and no host has its key',
    noticedAfter: 30,
    noticedBecause: 'Office complains when its 30-day grace period ends',
    apply: (plan, fromDay) =>
      withGroup(plan, 'notebooks', { upgrades: [{ from: 'office2021', to: 'office2024', fromDay, overDays: 30 }] }),
  },
  {
    name: 'release too new',
    story: 'the laboratory moves to Windows 11 LTSC 2024, and the host has a key for Windows Server 2022',
    noticedAfter: 2,
    noticedBecause: 'Windows shows at once that it is not activated, but only on the few machines of the first days',
    apply: (plan, fromDay) =>
      withGroup(plan, 'laboratory', {
        upgrades: [{ from: 'windowsLtsc', to: 'windowsLtsc2024', fromDay, overDays: 30 }],
      }),
  },
  {
    name: 'shrinking site',
    story: 'the data centre moves to the cloud: its servers go, and the last few fall below the threshold',
    noticedAfter: 60 + TOAST,
    noticedBecause: WARNED,
    apply: (plan, fromDay) =>
      withGroup(plan, 'data centre', { trouble: { kind: 'leaves', fromDay, overDays: 60, remain: 3 } }),
  },
  {
    name: 'answers lost',
    story: 'an inspecting firewall lets requests through but drops the answers to the laboratory',
    noticedAfter: TOAST,
    noticedBecause: WARNED,
    apply: (plan, fromDay) => withGroup(plan, 'laboratory', { trouble: { kind: 'does_not_take', fromDay } }),
  },
  {
    name: 'log not shipped',
    story: "the log shipper on the offices' host dies, so every other failure would go unseen",
    noticedAfter: Number.POSITIVE_INFINITY,
    noticedBecause: 'users do not notice it',
    apply: (plan, fromDay) => withHosts(plan, OFFICE_SITE, { kind: 'log_lost', fromDay }),
  },
];

const BRANCHES = ['north', 'south', 'east', 'west', 'centre'].map((name) => `${name}.example`);

function goldenImage(fromDay: number): GroupPlan {
  return {
    name: 'golden image',
    story: 'forty machines of one image',
    site: OFFICE_SITE,
    prefix: 'gold-',
    size: 40,
    rhythm: 'office',
    products: ['windowsEnterprise'],
    fromDay,
    trouble: { kind: 'cloned', fromDay },
  };
}

type Addition = Pick<GroupPlan, 'trouble' | 'upgrades'>;

function withGroup(plan: FleetPlan, name: string, { trouble, upgrades = [] }: Addition): FleetPlan {
  const changed = (group: GroupPlan): GroupPlan => ({
    ...group,
    ...(trouble === undefined ? {} : { trouble }),
    upgrades: [...(group.upgrades ?? []), ...upgrades],
  });
  return { ...plan, groups: plan.groups.map((group) => (group.name === name ? changed(group) : group)) };
}

function withHosts(plan: FleetPlan, domain: string, trouble: HostTrouble): FleetPlan {
  const sites = plan.sites.map((site) =>
    site.domain === domain ? { ...site, hosts: site.hosts.map((host) => ({ ...host, trouble })) } : site,
  );
  return { ...plan, sites };
}

import { HOUR_S } from '../../kernel/time.ts';
import type { YearlyHoliday } from './calendar.ts';
import { healthyPlan, OFFICE_SITE } from './healthy-plan.ts';
import type { FleetPlan, GroupPlan } from './plan.ts';

export const BRANCH_SITE = 'branch.example';

/** A healthy organisation, and one small group for everything that the agent finds. */
export interface DemoPlanOptions {
  /** Machines of the healthy part, roughly. */
  readonly size: number;
  /** The day of the fleet on which somebody begins to look. */
  readonly today: number;
  readonly holiday: YearlyHoliday;
}

export function demoPlan({ size, today, holiday }: DemoPlanOptions): FleetPlan {
  const { sites, groups } = healthyPlan(size);
  return {
    sites: [
      ...sites,
      {
        domain: BRANCH_SITE,
        hosts: [
          {
            name: `kms01.${BRANCH_SITE}`,
            story: 'is the host of a branch with fewer than 25 machines',
            priority: 0,
            keys: ['windows2022', 'office2021'],
          },
        ],
      },
    ],
    groups: [...groups, ...unhealthy(today)],
    holiday,
  };
}

function unhealthy(today: number): readonly GroupPlan[] {
  const desktops = { site: OFFICE_SITE, rhythm: 'office', products: ['windowsEnterprise', 'office2021'] } as const;
  return [
    {
      ...desktops,
      name: 'plant',
      story: 'stopped renewing 158 days ago, behind a firewall; their activation ends in some weeks',
      prefix: 'plant-',
      size: 24,
      trouble: { kind: 'cut_off', fromDay: today - 158 },
    },
    {
      ...desktops,
      name: 'warehouse',
      story: 'stopped renewing 40 days ago',
      prefix: 'wh-',
      size: 16,
      trouble: { kind: 'cut_off', fromDay: today - 40 },
    },
    {
      ...desktops,
      name: 'far office',
      story: 'renewals do not take: the host answers, and the answers do not arrive',
      prefix: 'far-',
      size: 4,
      trouble: { kind: 'does_not_take', fromDay: today - 20 },
    },
    {
      ...desktops,
      name: 'training room',
      story: 'cloned from one image: one client id for all',
      prefix: 'room-',
      size: 6,
      trouble: { kind: 'cloned', fromDay: today - 60 },
    },
    {
      ...desktops,
      name: 'hypervisor',
      story: 'virtual machines whose clock is six hours fast',
      prefix: 'hv-',
      size: 4,
      rhythm: 'always',
      products: ['server2022'],
      virtual: 1,
      trouble: { kind: 'clock', seconds: 6 * HOUR_S, fromDay: today - 9 },
    },
    {
      ...desktops,
      name: 'pilot',
      story: 'have Office LTSC 2024, which no host key covers, and are never off',
      prefix: 'pilot-',
      size: 3,
      // A refusal shows for a day: the demo has to show it at weekends too.
      rhythm: 'always',
      upgrades: [{ from: 'office2021', to: 'office2024', fromDay: today - 4, overDays: 2 }],
    },
    {
      name: 'branch',
      story: 'opened 12 days ago with 14 machines, below the threshold: they ask every two hours',
      site: BRANCH_SITE,
      prefix: 'br-',
      size: 14,
      rhythm: 'office',
      products: ['windowsPro'],
      fromDay: today - 12,
    },
  ];
}

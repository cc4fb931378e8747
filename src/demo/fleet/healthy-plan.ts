import { TURN_OF_THE_YEAR } from './calendar.ts';
import type { FleetPlan, GroupPlan, SitePlan } from './plan.ts';

export const OFFICE_SITE = 'corp.example';
export const SERVER_SITE = 'servers.example';

const SITES: readonly SitePlan[] = [
  {
    domain: OFFICE_SITE,
    hosts: [
      {
        name: `kms01.${OFFICE_SITE}`,
        story: 'serves Windows and Office',
        priority: 0,
        keys: ['windows2022', 'office2016', 'office2019', 'office2021'],
      },
      {
        name: `kms05.${OFFICE_SITE}`,
        story: 'is the standby, hardly ever asked',
        priority: 10,
        keys: ['windows2022', 'office2016', 'office2019', 'office2021'],
      },
    ],
  },
  {
    domain: SERVER_SITE,
    hosts: [
      {
        name: `kms01.${SERVER_SITE}`,
        story: 'serves servers alone: threshold 5, a count that is never above 10',
        priority: 0,
        keys: ['windows2022'],
      },
    ],
  },
];

type Share = Omit<GroupPlan, 'size'> & {
  /** Of the whole fleet. */
  readonly share: number;
  /** However small the fleet is. */
  readonly atLeast: number;
};

const QUARTER = 0.25;

const SHARES: readonly Share[] = [
  {
    name: 'desktops',
    story: 'renew in office hours; Office 2019 becomes LTSC 2021 in the second summer',
    site: OFFICE_SITE,
    prefix: 'ws-',
    share: 0.38,
    atLeast: 40,
    rhythm: 'office',
    products: ['windowsEnterprise', 'office2019'],
    yearlyChurn: QUARTER,
    yearlyReimages: 0.15,
    upgrades: [{ from: 'office2019', to: 'office2021', fromDay: 200, overDays: 60 }],
  },
  {
    name: 'notebooks',
    story: 'are away at times; Windows Pro becomes Enterprise',
    site: OFFICE_SITE,
    prefix: 'nb-',
    share: 0.28,
    atLeast: 30,
    rhythm: 'office',
    products: ['windowsPro', 'office2021'],
    yearlyChurn: QUARTER,
    yearlyReimages: 0.1,
    upgrades: [{ from: 'windowsPro', to: 'windowsEnterprise', fromDay: 100, overDays: 120 }],
  },
  {
    name: 'laboratory',
    story: 'old Office 2016, on long-term Windows, always on',
    site: OFFICE_SITE,
    prefix: 'lab-',
    share: 0.06,
    atLeast: 8,
    rhythm: 'always',
    products: ['windowsLtsc', 'office2016'],
    yearlyChurn: QUARTER,
  },
  {
    name: 'virtual desktops',
    story: 'are non-persistent: the same names, new client ids every day',
    site: OFFICE_SITE,
    prefix: 'vdi-',
    share: 0.08,
    atLeast: 10,
    rhythm: 'office',
    products: ['windowsEnterprise'],
    virtual: 1,
    newEveryDay: true,
  },
  {
    name: 'servers',
    story: 'mostly virtual; Server 2019 becomes 2022',
    site: OFFICE_SITE,
    prefix: 'srv-',
    share: 0.1,
    atLeast: 12,
    rhythm: 'always',
    products: ['server2019'],
    virtual: 0.85,
    yearlyChurn: QUARTER,
    upgrades: [{ from: 'server2019', to: 'server2022', fromDay: 150, overDays: 90 }],
  },
  {
    name: 'data centre',
    story: 'servers with their own host',
    site: SERVER_SITE,
    prefix: 'dc-',
    share: 0.1,
    atLeast: 15,
    rhythm: 'always',
    products: ['server2022'],
    virtual: 0.9,
    yearlyChurn: QUARTER,
  },
];

/** An organisation in which nothing is wrong. @param size its machines, roughly; at least a hundred or so come about */
export function healthyPlan(size: number): FleetPlan {
  return {
    sites: SITES,
    holiday: TURN_OF_THE_YEAR,
    groups: SHARES.map(({ share, atLeast, ...group }) => ({
      ...group,
      size: Math.max(atLeast, Math.round(share * size)),
    })),
  };
}

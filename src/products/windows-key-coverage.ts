import type { HostKeyCoverage } from './key-coverage.ts';
import type { Release } from './releases.ts';

/** All keys cover the Server 2008 generations by group. The group of Datacenter includes that of Standard, and so on. */
const WEB_2008: readonly Release[] = ['Windows Vista', 'Windows Server 2008 (Web, HPC)'];
const STANDARD_2008: readonly Release[] = [...WEB_2008, 'Windows Server 2008 (Standard, Enterprise)'];
const SERVER_2008: readonly Release[] = [...STANDARD_2008, 'Windows Server 2008 (Datacenter, Itanium)'];
const WEB_2008_R2: readonly Release[] = [...WEB_2008, 'Windows 7', 'Windows Server 2008 R2 (Web, HPC)'];
const STANDARD_2008_R2: readonly Release[] = [
  ...WEB_2008_R2,
  ...STANDARD_2008,
  'Windows Server 2008 R2 (Standard, Enterprise)',
];
const SERVER_2008_R2: readonly Release[] = [
  ...STANDARD_2008_R2,
  ...SERVER_2008,
  'Windows Server 2008 R2 (Datacenter, Itanium)',
];

/** Out of support: Microsoft's page on the keys of today no longer names them. */
const VISTA_AND_8: readonly Release[] = ['Windows Vista', 'Windows 8'];
const without = (releases: readonly Release[]) => releases.filter((release) => !VISTA_AND_8.includes(release));

/**
 * Windows 11 asks as Windows 10 does, with the same ids and counted ids. So a key for one covers the other, even if
 * Microsoft's page names Windows 11 only from the key of Server 2022 on.
 */
const CLIENTS_2015: readonly Release[] = [
  'Windows 7',
  'Windows 8.1',
  'Windows 10',
  'Windows 11',
  'Windows 10 2015 LTSB',
];
const CLIENTS_2016: readonly Release[] = [...CLIENTS_2015, 'Windows 10 2016 LTSB'];
const CLIENTS_2019: readonly Release[] = [...CLIENTS_2016, 'Windows 10 LTSC 2019'];
/** The IoT editions are taken to go with the LTSC of their year, with which they share their build. */
const LTSC_2021: readonly Release[] = ['Windows 10 LTSC 2021', 'Windows 10 IoT Enterprise LTSC 2021'];
const LTSC_2024: readonly Release[] = ['Windows 11 LTSC 2024', 'Windows 11 IoT Enterprise LTSC 2024'];

const SERVERS_2012_R2: readonly Release[] = [
  ...without(SERVER_2008_R2),
  'Windows Server 2012',
  'Windows Server 2012 R2',
];
const SERVERS_2016: readonly Release[] = [...SERVERS_2012_R2, 'Windows Server 2016', 'Windows Server, version 1803'];
const CHANNEL_2019 = 'Windows Server, versions 1809 to 20H2' satisfies Release;
const SERVERS_2019: readonly Release[] = [...SERVERS_2016, CHANNEL_2019, 'Windows Server 2019'];
const SERVERS_2022: readonly Release[] = [...SERVERS_2019, 'Windows Server 2022'];

/**
 * What each KMS host key of Windows covers, from new to old: its own generation and older ones, and a key of a client Windows
 * no servers. If a key is of `product key groups`, this rule is the source, and nothing tells which Windows can hold it.
 *
 * For Server 2022 Microsoft's page names KB5034765 of February 2024, which is the update of that day for Windows 11.
 * The one for Server 2022 is KB5034770, by Microsoft's release history of Server 2022.
 */
export const WINDOWS_KEYS: ReadonlyMap<string, HostKeyCoverage> = new Map<string, HostKeyCoverage>([
  [
    '84e331f6-4279-48c4-ab10-b75139181351', // Windows Server 2025
    {
      covers: [...SERVERS_2022, 'Windows Server 2025', ...CLIENTS_2019, ...LTSC_2021, ...LTSC_2024],
      unsure: VISTA_AND_8,
      holds: { 'Windows Server 2025': 'none', 'Windows Server 2022': 'KB5034770', 'Windows Server 2019': 'KB5034768' },
      source: 'KMS planning',
    },
  ],
  [
    '661f7658-7035-4b4c-9f35-010682943ec2', // Windows Server 2022
    {
      covers: [...SERVERS_2022, ...CLIENTS_2019, ...LTSC_2021],
      unsure: VISTA_AND_8,
      holds: { 'Windows Server 2022': 'none', 'Windows Server 2019': 'KB5003646', 'Windows Server 2016': 'KB5003638' },
      source: 'KMS planning',
    },
  ],
  [
    '2e7a9ad1-a849-4b56-babe-17d5a29fe4b4', // Windows Server 2019. Microsoft's page says LTSC without a year.
    {
      covers: [...SERVERS_2019, ...CLIENTS_2019],
      unsure: [...VISTA_AND_8, ...LTSC_2021],
      holds: {
        'Windows Server 2019': 'none',
        'Windows Server 2016': 'KB4478877',
        'Windows Server 2012 R2': 'KB4467695',
      },
      source: 'KMS planning',
    },
  ],
  [
    'd6992aac-29e7-452a-bf10-bbfb8ccabe59', // Windows Server 2016. The page names the Semi-Annual Channel without versions.
    {
      covers: [...SERVERS_2016, ...CLIENTS_2016],
      unsure: [...VISTA_AND_8, CHANNEL_2019],
      holds: {
        'Windows Server 2016': 'none',
        'Windows Server 2012 R2': 'KB3172614',
        'Windows Server 2012': 'KB3172615',
      },
      source: 'KMS planning',
    },
  ],
  [
    '20e938bb-df44-45ee-bde1-4e4fe7477f37', // Windows Server 2012 R2 and Windows 10
    {
      covers: [...SERVERS_2012_R2, ...CLIENTS_2015],
      unsure: VISTA_AND_8,
      holds: {
        'Windows Server 2012 R2': 'KB3172614',
        'Windows Server 2012': 'KB3172615',
        'Windows Server 2008 R2': 'KB3079821',
      },
      source: 'id database',
    },
  ],
  [
    'dcb88f6f-b090-405b-850e-dabcccf3693f', // Windows Server 2012 R2
    { covers: [...SERVERS_2012_R2, ...VISTA_AND_8, 'Windows 7', 'Windows 8.1'], source: 'product key groups' },
  ],
  [
    '7b37c913-252b-46be-ad80-b2b5ceade8af', // Windows Server 2012
    { covers: [...SERVER_2008_R2, 'Windows 8', 'Windows Server 2012'], source: 'product key groups' },
  ],
  [
    '8fe15d04-fc66-40e6-bf34-942481e06fd8', // Windows Server 2008 R2 Datacenter and Itanium
    { covers: SERVER_2008_R2, source: 'product key groups' },
  ],
  [
    'c99b641f-c4ea-4e63-bec3-5ed2ccd0f357', // Windows Server 2008 R2 Standard and Enterprise
    { covers: STANDARD_2008_R2, source: 'product key groups' },
  ],
  [
    'f73d1bcd-0802-47dd-b2d9-81bf2f8c0744', // Windows Server 2008 R2 Web and HPC
    { covers: WEB_2008_R2, source: 'product key groups' },
  ],
  [
    'c90d1b4e-8aa8-439e-8b9e-b6d6b6a6d975', // Windows Server 2008 Datacenter and Itanium
    { covers: SERVER_2008, source: 'product key groups' },
  ],
  [
    '56df4151-1f9f-41bf-acaa-2941c071872b', // Windows Server 2008 Standard and Enterprise
    { covers: STANDARD_2008, source: 'product key groups' },
  ],
  [
    'c448fa06-49d1-44ec-82bb-0085545c3b51', // Windows Server 2008 Web and HPC
    { covers: WEB_2008, source: 'product key groups' },
  ],
  [
    '90da7373-1c51-430b-bf26-c97e9c5cdc31', // Windows 10 (2019)
    {
      covers: CLIENTS_2019,
      unsure: [...VISTA_AND_8, ...LTSC_2021],
      holds: { 'Windows 10': 'none' },
      source: 'id database',
    },
  ],
  [
    '30a42c86-b7a0-4a34-8c90-ff177cb2acb7', // Windows 10 (2016)
    { covers: CLIENTS_2016, unsure: VISTA_AND_8, holds: { 'Windows 10': 'none' }, source: 'id database' },
  ],
  [
    '0724cb7d-3437-4cb7-93cb-830375d0079d', // Windows 10 (2015)
    {
      covers: CLIENTS_2015,
      unsure: VISTA_AND_8,
      holds: { 'Windows 10': 'none', 'Windows 8.1': 'KB3172614', 'Windows 7': 'KB3079821' },
      source: 'KMS planning',
    },
  ],
  [
    'ecc0774a-aed3-4e1a-b815-2b31781adfea', // Windows 10/11 Enterprise G
    {
      covers: ['Windows 10 Enterprise G'],
      unsure: [...CLIENTS_2019, ...VISTA_AND_8, ...LTSC_2021, ...LTSC_2024],
      source: 'pkeyconfig',
    },
  ],
  [
    '29d0b60f-66da-4858-bcaf-9eb513cd310d', // Windows 8.1
    { covers: [...VISTA_AND_8, 'Windows 7', 'Windows 8.1'], source: 'product key groups' },
  ],
  [
    '24259a22-3bf0-44af-a68b-1b858bce1894', // Windows 8
    { covers: [...VISTA_AND_8, 'Windows 7'], source: 'product key groups' },
  ],
  [
    'd188820a-cb63-4bad-a9a2-40b843ee23b7', // Windows 7
    { covers: ['Windows Vista', 'Windows 7'], source: 'product key groups' },
  ],
  ['212a64dc-43b1-4d3d-a30c-2fc69d2095c6', { covers: ['Windows Vista'], source: 'product key groups' }],
  ['4871de8b-3adf-4455-a7d3-fd7b6c01c939', { covers: ['Windows Vista'], source: 'product key groups' }],
]);

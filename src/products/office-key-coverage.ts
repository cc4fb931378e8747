import { HOST_SYSTEMS, type HostSystem } from './host-systems.ts';
import type { HostKeyCoverage, Update } from './key-coverage.ts';

/** Office supports a host from these versions on. */
function from(server: HostSystem, client: HostSystem): Partial<Record<HostSystem, Update>> {
  const onwards = [server, client].flatMap((first) =>
    Object.values(HOST_SYSTEMS).flatMap((systems: readonly HostSystem[]) =>
      systems.includes(first) ? systems.slice(systems.indexOf(first)) : [],
    ),
  );
  return Object.fromEntries(onwards.map((system) => [system, 'none']));
}

/** What each KMS host key of Office covers, from new to old: one version, and nothing older. */
export const OFFICE_KEYS: ReadonlyMap<string, HostKeyCoverage> = new Map<string, HostKeyCoverage>([
  [
    'f3d89bbf-c0ec-47ce-a8fa-e5a5f97e447f',
    {
      covers: ['Office LTSC 2024'],
      holds: from('Windows Server 2022', 'Windows 10'),
      pack: 'Office LTSC 2024 Volume License Pack',
      source: 'Office KMS host',
    },
  ],
  [
    '47f3b983-7c53-4d45-abc6-bcd91e2dd90a',
    {
      covers: ['Office LTSC 2021'],
      holds: from('Windows Server 2016', 'Windows 10'),
      pack: 'Office LTSC 2021 Volume License Pack',
      source: 'Office KMS host',
    },
  ],
  [
    '70512334-47b4-44db-a233-be5ea33b914c',
    {
      covers: ['Office 2019'],
      holds: from('Windows Server 2012', 'Windows 8.1'),
      pack: 'Office 2019 Volume License Pack',
      source: 'Office KMS host',
    },
  ],
  [
    '98ebfe73-2084-4c97-932c-c0cd1643bea7',
    {
      covers: ['Office 2016'],
      holds: from('Windows Server 2008 R2', 'Windows 7'),
      pack: 'Office 2016 Volume License Pack',
      source: 'Office KMS host',
    },
  ],
  [
    '2e28138a-847f-42bc-9752-61b03fff33cd',
    { covers: ['Office 2013'], pack: 'Office 2013 Volume License Pack', source: 'pkeyconfig' },
  ],
  ['bfe7a195-4f8f-4f0b-a622-cf13c7d16864', { covers: ['Office 2010'], source: 'pkeyconfig' }],
]);

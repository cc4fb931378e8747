import { expect, it } from 'vitest';
import { caseOf, describeWithRecordings } from '../../test/support/recordings.ts';
import { rfc3339OfSeconds, seconds } from '../kernel/time.ts';
import { readInventory } from './read-inventory.ts';
import type { Inventory, InventoryMachine } from './types.ts';

const NOW = seconds(Date.UTC(2026, 10, 28, 12) / 1000);
const WHEN_READ = 'when read';

async function read(name: string): Promise<Inventory> {
  const reading = await readInventory(await caseOf(`inventory/${name}`), { readAt: NOW, now: NOW });
  if (!reading.ok) throw new Error(reading.error.reason);
  return reading.value;
}

/** `ws-001 2026-11-26`, with `disabled` where it is. */
function line({ machine, seen, disabled }: InventoryMachine): string {
  const day = seen === null ? 'never' : seen === NOW ? WHEN_READ : rfc3339OfSeconds(seen).slice(0, 10);
  return `${machine} ${day}${disabled ? ' disabled' : ''}`;
}

function counts(inventory: Inventory) {
  const left = new Map(inventory.leftOut.map(({ reason, count }) => [reason, count]));
  const noWindows = (left.get('not_windows') ?? 0) + (left.get('before_vista') ?? 0);
  const leftOut = inventory.leftOut.reduce((sum, { count }) => sum + count, 0);
  return [inventory.rows, inventory.machines.length, noWindows, inventory.refused, leftOut - noWindows];
}

const CORP = '.corp.example.com';

describeWithRecordings(
  'inventories that administrators have',
  () => {
    it.each([
      ['01-ad-export-csv-pwsh7-en-us.csv', [10, 8, 2, 0, 0]],
      ['02-ad-all-properties-type-line.csv', [8, 6, 1, 0, 1]],
      ['03-ad-german-utf16-by-redirect.csv', [6, 6, 0, 0, 0]],
      ['04-ad-convertto-json-ps51.json', [5, 5, 0, 0, 0]],
      ['05-csvde.csv', [10, 7, 0, 0, 3]],
      ['06-intune-devices.csv', [9, 5, 1, 0, 2]],
      ['07-configmgr-get-cmdevice.csv', [11, 7, 1, 0, 2]],
      ['08-licence-rows-cim.json', [7, 6, 0, 0, 0]],
      ['09-vamt-products.csv', [6, 3, 0, 2, 0]],
      ['10-spreadsheet-csv-utf8.csv', [6, 5, 0, 1, 0]],
      ['11-names-only.txt', [7, 6, 0, 0, 0]],
      ['12a-dates-decided-by-the-column.csv', [4, 4, 0, 0, 0]],
      ['12b-dates-undecidable.csv', [5, 2, 0, 3, 0]],
    ] as const)('%s: rows, machines, no Windows, refused, ignored', async (name, expected) => {
      expect(counts(await read(name))).toEqual(expected);
    });

    it.each([
      [
        '01-ad-export-csv-pwsh7-en-us.csv',
        [
          `ws-001${CORP} 2026-11-26`,
          `ws-002${CORP} 2026-11-05`,
          `ws-003${CORP} 2026-09-30`,
          `ws-004${CORP} 2026-08-12`,
          `ws-005${CORP} 2026-11-27 disabled`,
          `srv-001${CORP} 2026-11-21`,
          `srv-002${CORP} 2026-11-12`,
          'ws-006 never',
        ],
      ],
      [
        '02-ad-all-properties-type-line.csv',
        [
          `ws-011${CORP} 2026-11-27`,
          `ws-012${CORP} 2026-11-10`,
          `ws-013${CORP} 2026-05-05`,
          `ws-014${CORP} 2026-11-20 disabled`,
          `srv-011${CORP} 2026-11-27`,
          `dc-011${CORP} 2026-11-28`,
        ],
      ],
      [
        '03-ad-german-utf16-by-redirect.csv',
        [
          `ws-021${CORP} 2026-11-26`,
          `ws-022${CORP} 2026-11-06`,
          `ws-023${CORP} 2026-08-12`,
          'ws-024 never',
          `ws-025${CORP} 2026-11-27 disabled`,
          'srv-021.lab.example.com 2026-11-11',
        ],
      ],
      [
        '04-ad-convertto-json-ps51.json',
        [
          `ws-031${CORP} 2026-11-26`,
          `ws-032${CORP} 2026-10-09`,
          `ws-033${CORP} 2026-07-04`,
          'ws-034 never',
          `ws-035${CORP} 2026-11-25 disabled`,
        ],
      ],
      [
        '05-csvde.csv',
        [
          `ws-041${CORP} 2026-11-25`,
          `ws-042${CORP} 2026-11-26 disabled`,
          `ws-043${CORP} 2026-10-10`,
          `ws-044${CORP} 2026-07-01`,
          `dc-041${CORP} 2026-11-27`,
          `rodc-041${CORP} 2026-11-26`,
          'ws-045 never',
        ],
      ],
      [
        '06-intune-devices.csv',
        ['ws-051 2026-11-28', 'ws-052 2026-11-13', 'ws-053 2026-09-14', 'ws-054 2026-06-20', 'desktop-ab12cd3 never'],
      ],
      [
        '07-configmgr-get-cmdevice.csv',
        [
          'ws-061 2026-11-28',
          'ws-062 2026-11-19',
          'ws-063 2026-11-27',
          'ws-064 2026-11-15 disabled',
          'ws-065 2026-10-09',
          'ws-066 2026-11-22',
          'srv-061 2026-11-27',
        ],
      ],
      [
        '10-spreadsheet-csv-utf8.csv',
        [
          'ws-091 2026-11-20',
          `ws-092${CORP} 2026-05-04`,
          'ws-093 2026-11-27 disabled',
          'ws-094 never',
          'ws-095 2026-11-15',
        ],
      ],
      [
        '11-names-only.txt',
        [`ws-101${CORP}`, 'ws-102', `ws-103${CORP}`, 'srv-101', 'ws-104', 'ws-105'].map((name) => `${name} when read`),
      ],
      [
        '12a-dates-decided-by-the-column.csv',
        ['ws-111 2026-11-05', 'ws-112 2026-11-26', 'ws-113 2026-08-07', 'ws-114 2026-11-12 disabled'],
      ],
      ['12b-dates-undecidable.csv', ['ws-124 2026-11-11', 'ws-125 2026-11-20']],
    ] as const)('%s: each machine, when it was seen, and whether it is disabled', async (name, expected) => {
      expect((await read(name)).machines.map(line)).toEqual(expected);
    });

    it('08-licence-rows-cim.json: each licence by the word of its machine', async () => {
      const { machines, dated } = await read('08-licence-rows-cim.json');
      expect(dated).toBe(false);
      expect(
        machines.map(({ machine, licences }) => [
          machine,
          ...licences.map(({ status, minutesLeft, way, discoveredHost }) => [status, minutesLeft, way, discoveredHost]),
        ]),
      ).toEqual([
        ['ws-071', ['licensed', 251000, 'kms', `kms01${CORP}`], ['licensed', 250560, 'kms', `kms01${CORP}`]],
        ['ws-072', ['licensed', 240000, 'directory', null]],
        ['ws-073', ['licensed', 0, 'mak', null]],
        ['ws-074', ['licensed', 0, 'oem', null]],
        ['ws-075', ['notification', 0, 'kms', `kms01${CORP}`]],
        [`srv-071${CORP}`, ['oob_grace', 14000, 'kms', null]],
      ]);
    });

    it('09-vamt-products.csv: ways by the kind of key, and no minutes', async () => {
      const { machines, refusals } = await read('09-vamt-products.csv');
      expect(
        machines.map(({ machine, licences }) => [machine, ...licences.map((each) => [each.way, each.minutesLeft])]),
      ).toEqual([
        [`ws-081${CORP}`, ['kms', null], ['kms', null]],
        [`ws-082${CORP}`, ['mak', null]],
        [`ws-083${CORP}`, ['retail', null]],
      ]);
      expect(refusals.map(({ row, reason }) => [row, reason])).toEqual([
        [5, 'an address is not a name'],
        [6, 'it has no name'],
      ]);
    });

    it('refuses text of slmgr once', async () => {
      const times = { readAt: NOW, now: NOW };
      const text = await readInventory(await caseOf('82-report-slmgr-dlv-text.txt'), times);
      expect(text).toMatchObject({ ok: false, error: { reason: 'it is text of slmgr' } });
    });

    it('12a and 12b: says who decided, and what stays open', async () => {
      const note = async (name: string) => (await read(name)).columns.find(({ role }) => role === 'seen')?.note;
      expect(await note('12a-dates-decided-by-the-column.csv')).toBe('day first, decided by row 2');
      const open = await read('12b-dates-undecidable.csv');
      expect(open.refusals.map(({ row, reason }) => [row, reason])).toEqual([
        [1, 'ws-121: 5 November or 11 May 2026?'],
        [2, 'ws-122: 7 August or 8 July 2026?'],
        [3, 'ws-123: 3 September or 9 March 2026?'],
      ]);
      expect(open.refusals[0]?.remedy).toMatch(/2026-11-05.*Get-Date -Format o.*day is above 12/);
    });
  },
  'cases',
);

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Intake } from '../../src/ingest/intake.ts';
import { readList } from '../../src/ingest/read-list.ts';
import { HEAD_BYTES, isList } from '../../src/inventory/is-list.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { wholeSeconds } from '../../src/kernel/time.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { manualClock } from '../support/manual-clock.ts';
import { caseOf, describeWithRecordings } from '../support/recordings.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

const CLOCK = manualClock(Date.UTC(2026, 10, 28, 12));
const CORP = '.corp.example.com';

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kmswatch-cases-'));
  const opened = await openStore(join(folder, 'kmswatch.db'), {
    settings: DEFAULT_SETTINGS,
    clock: CLOCK,
    logger: silentLogger,
  });
  if (!opened.ok) throw new Error(opened.error);
  store = opened.value;
  const log = await caseOf('inventory/log.ndjson');
  expect(await isList(log.subarray(0, HEAD_BYTES))).toBe(false);
  const intake = new Intake(store, 'import');
  await intake.push(log);
  await intake.end();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

async function verdictsOf(name: string): Promise<Record<string, string>> {
  const bytes = await caseOf(`inventory/${name}`);
  expect(await isList(bytes.subarray(0, HEAD_BYTES))).toBe(true);
  const now = wholeSeconds(CLOCK.now());
  const read = await readList(store, name, bytes, { writtenAt: now, now });
  if (!read.ok) throw new Error('it was refused');
  const page = await store.machines({});
  if (!page.ok) throw new Error(page.error.text);
  const machines = page.value.machines.filter(({ machine }) => !machine.startsWith('zz-001'));
  return Object.fromEntries(machines.map(({ machine, verdict }) => [machine.replace(CORP, ' +'), verdict]));
}

describeWithRecordings(
  'the machines of lists that administrators have',
  () => {
    it.each([
      [
        '01-ad-export-csv-pwsh7-en-us.csv',
        'ws-001 +: never_asked, ws-002 +: never_asked, ws-003 +: unknown, ws-004 +: gone, ws-005 +: gone, srv-001 +: never_asked, srv-002 +: never_asked, ws-006: unknown',
      ],
      [
        '02-ad-all-properties-type-line.csv',
        'ws-011 +: never_asked, ws-012 +: never_asked, ws-013 +: gone, ws-014 +: gone, srv-011 +: never_asked, dc-011 +: never_asked',
      ],
      [
        '03-ad-german-utf16-by-redirect.csv',
        'ws-021 +: never_asked, ws-022 +: never_asked, ws-023 +: gone, ws-024: unknown, ws-025 +: gone, srv-021.lab.example.com: never_asked',
      ],
      [
        '04-ad-convertto-json-ps51.json',
        'ws-031 +: never_asked, ws-032 +: unknown, ws-033 +: gone, ws-034: unknown, ws-035 +: gone',
      ],
      [
        '05-csvde.csv',
        'ws-041 +: never_asked, ws-042 +: gone, ws-043 +: unknown, ws-044 +: gone, dc-041 +: never_asked, rodc-041 +: never_asked, ws-045: unknown',
      ],
      [
        '06-intune-devices.csv',
        'ws-051: never_asked, ws-052: never_asked, ws-053: unknown, ws-054: gone, desktop-ab12cd3: unknown',
      ],
      [
        '07-configmgr-get-cmdevice.csv',
        'ws-061: never_asked, ws-062: never_asked, ws-063: never_asked, ws-064: gone, ws-065: unknown, ws-066: never_asked, srv-061: never_asked',
      ],
      [
        '08-licence-rows-cim.json',
        'ws-071: renewing, ws-072: other_activation, ws-073: other_activation, ws-074: other_activation, ws-075: failing, srv-071 +: never_asked',
      ],
      ['09-vamt-products.csv', 'ws-081 +: renewing, ws-082 +: other_activation, ws-083 +: other_activation'],
      [
        '10-spreadsheet-csv-utf8.csv',
        'ws-091: never_asked, ws-092 +: gone, ws-093: gone, ws-094: unknown, ws-095: never_asked',
      ],
      [
        '11-names-only.txt',
        'ws-101 +: never_asked, ws-102: never_asked, ws-103 +: never_asked, srv-101: never_asked, ws-104: never_asked, ws-105: never_asked',
      ],
      ['12a-dates-decided-by-the-column.csv', 'ws-111: never_asked, ws-112: never_asked, ws-113: gone, ws-114: gone'],
      ['12b-dates-undecidable.csv', 'ws-124: never_asked, ws-125: never_asked'],
    ])('%s', async (name, expected) => {
      const verdicts = Object.fromEntries(expected.split(', ').map((one) => one.split(': ')));
      expect(await verdictsOf(name)).toEqual(verdicts);
    });
  },
  'cases',
);

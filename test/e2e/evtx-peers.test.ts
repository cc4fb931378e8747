import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogRecord } from '../data/events/writers.ts';
import { readWithEvtxexport, readWithPythonEvtx } from '../peers/evtx.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../peers/temporary-folder.ts';
import { linesOfLog } from '../support/evtx/event-lines.ts';
import { type Style, writeLog } from '../support/evtx/evtx-writer.ts';
import { describeWithRecordings, recordedLog } from '../support/recordings.ts';

/**
 * Where the readers differ, with each record of the recorded logs and each value in it compared:
 *
 * | what | kmswatch | evtxexport | python-evtx |
 * | --- | --- | --- | --- |
 * | hexadecimal numbers | as Windows prints them | padded with zeros | padded with zeros |
 * | fractions of a second | 7 digits | 9 digits | 6 digits, rounded |
 * | GUIDs and truth values | {UPPER}, true | the same | {lower}, True |
 * | line ends in values | as they are | as they are | as they are, which XML readers take for LF |
 * | a list | an element for each value | the same | texts in one element |
 * | an element without a value | left out, if it is optional | the same | empty |
 * | records behind a damaged one in its chunk | read | called recovered | not read |
 * | records of an earlier use of a chunk | not read: they may have other templates now | called recovered | not read |
 * | a record that ends in a lost page | refused | not read | read, with zeros for values |
 * | elements without what they depend on (MS-EVEN6) | read | not read | not read |
 */
interface RecordedLog {
  readonly name: string;
  /** Records that are read. */
  readonly records: number;
  /** Records that only evtxexport gives, of an earlier use of a chunk. */
  readonly onlyEvtxexport?: number;
  /** Records that only python-evtx gives, with zeros of a lost page. It is slow, so that it is not asked for all. */
  readonly onlyPython?: number;
}

const RECORDED: readonly RecordedLog[] = [
  { name: '2-vss_7-System.evtx', records: 1160 },
  { name: 'Application_no_crc32.evtx', records: 17, onlyPython: 0 },
  { name: 'py-issue_38.evtx', records: 1, onlyPython: 0 },
  { name: 'sample-with-zero-data-size-event.evtx', records: 449, onlyPython: 0 },
  { name: 'sample_with_a_bad_chunk_magic.evtx', records: 298, onlyEvtxexport: 50, onlyPython: 3 },
  { name: 'system.evtx', records: 1881 },
];

type Lines = readonly string[];

/** It needs some milliseconds a record. */
const PYTHON_TIMEOUT = 180_000;

const CLIENT = '930bd202-a335-4c7e-bd9d-7305361f0d37';
const RECORDS: readonly LogRecord[] = Array.from({ length: 300 }, (_, index) => ({
  host: 'KMS01.corp.example.com',
  channel: index % 3 === 2 ? 'Application' : 'Key Management Service',
  id: index % 3 === 2 ? 12293 : 12290,
  recordId: index + 1,
  time: 1.7e12 + 1000 * index,
  data:
    index % 3 === 2
      ? ['0x80072338', 'corp.example.com']
      : ['', '0x0', '25', `wks${index}`, CLIENT, '2026/5/4 10:11', '0', '1', '249120', CLIENT],
}));

function idOf(lines: Lines): string | undefined {
  return lines.find((line) => line.startsWith('Event/System/EventRecordID: '));
}

/** As the two have it in common with evtxexport. */
function alike(lines: Lines): Lines {
  return lines.map((line) =>
    line
      .replace(/\r\n?/g, '\n')
      .replace(/0x0*([0-9a-f])/gi, '0x$1')
      .replace(/(\.\d{7})00Z/, '$1Z'),
  );
}

/** As python-evtx has it in common: what the system says, with times to the second. */
function systemOf(lines: Lines): Lines {
  return lines
    .filter((line) => line.startsWith('Event/System/') && line.includes(': '))
    .map((line) =>
      line
        .toLowerCase()
        .replace(/0x0*([0-9a-f])/, '0x$1')
        .replace(/(\d{4}-\d\d-\d\d)[t ](\d\d:\d\d:\d\d).*/, '$1 $2'),
    );
}

/** What one reader has of each record that another one has too, and how many it has alone. */
function compare(ours: readonly Lines[], theirs: readonly Lines[], view: (lines: Lines) => Lines) {
  const known = new Map(ours.map((lines) => [idOf(lines), view(lines)]));
  const common = theirs.filter((lines) => known.has(idOf(lines)));
  return {
    ours: common.map((lines) => known.get(idOf(lines))),
    theirs: common.map(view),
    onlyTheirs: theirs.length - common.length,
  };
}

describeWithPeers('saved logs beside other readers of them', ['evtxexport', 'python-evtx'], () => {
  describe('written here', () => {
    let folder: TemporaryFolder;
    beforeAll(async () => {
      folder = await temporaryFolder();
    });
    afterAll(() => folder.remove());
    const read = async (style: Style) => {
      const file = join(folder.path, `${style}.evtx`);
      const log = writeLog(RECORDS, { style });
      await writeFile(file, log);
      return { file, ours: linesOfLog(log) };
    };

    it('with templates, are read by both as they are here', { timeout: PYTHON_TIMEOUT }, async () => {
      const { file, ours } = await read('templates');
      const exported = await readWithEvtxexport(file);
      expect(exported.map(alike)).toEqual(ours.map(alike));
      const python = await readWithPythonEvtx(file);
      expect(python.map(systemOf)).toEqual(ours.map(systemOf));
      expect(ours).toHaveLength(RECORDS.length);
    });

    it('without templates, are read by evtxexport as they are here', async () => {
      const { file, ours } = await read('elements');
      expect((await readWithEvtxexport(file)).map(alike)).toEqual(ours.map(alike));
      expect(ours).toHaveLength(RECORDS.length);
    });
  });

  describeWithRecordings(
    'of real machines',
    () => {
      const ours = async (name: string) => linesOfLog(await readFile(recordedLog(name)));

      it.each(RECORDED)('$name has every record and value that evtxexport gives', async (recorded) => {
        const { name, records, onlyEvtxexport = 0 } = recorded;
        const both = compare(await ours(name), await readWithEvtxexport(recordedLog(name)), alike);
        expect(both.theirs).toEqual(both.ours);
        expect([both.theirs.length, both.onlyTheirs]).toEqual([records, onlyEvtxexport]);
      });

      const asked = RECORDED.filter(({ onlyPython }) => onlyPython !== undefined);
      it.each(asked)(
        '$name has every record that python-evtx gives',
        async ({ name, onlyPython }) => {
          const both = compare(await ours(name), await readWithPythonEvtx(recordedLog(name)), systemOf);
          expect(both.theirs).toEqual(both.ours);
          expect(both.onlyTheirs).toBe(onlyPython);
        },
        PYTHON_TIMEOUT,
      );
    },
    'evtx',
  );
});

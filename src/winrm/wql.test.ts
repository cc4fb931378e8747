import { expect, test } from 'vitest';
import { eventLogWql } from './wql.ts';

const COLUMNS =
  'SELECT ComputerName,EventCode,InsertionStrings,Logfile,RecordNumber,SourceName,TimeGenerated FROM Win32_NTLogEvent';

test('asks for a log alone', () => {
  expect(eventLogWql({ channel: "O'Neill\\Log", eventIds: [] })).toBe(`${COLUMNS} WHERE Logfile='O\\'Neill\\\\Log'`);
});

test('asks for what is new, by number and by time, without the message', () => {
  const query = eventLogWql({
    channel: 'Application',
    eventIds: [12291, 12292],
    afterRecord: 149140,
    since: Date.UTC(2026, 10, 24, 7, 5, 9, 40),
  });

  expect(query).toBe(
    `${COLUMNS} WHERE Logfile='Application' AND (EventCode=12291 OR EventCode=12292) AND RecordNumber>149140 ` +
      "AND TimeGenerated>='20261124070509.040000+000'",
  );
  expect(query).not.toContain('Message');
});

import { expect, it } from 'vitest';
import { reasonsOf } from '../../../test/support/read-events.ts';

it('says which keys an object of an unknown form has, those inside of its only key, and no control characters', () => {
  expect(reasonsOf('{"a":1,"b\\u001b[31m":2}')[0]).toContain('its keys are "a, b [31m"');
  expect(reasonsOf('{"wrapper":{"x":1,"y":2}}')[0]).toContain('its keys are "wrapper.x, wrapper.y"');
  expect(reasonsOf('{}')[0]).toContain('it has no keys');
});

it('says which properties Select-Object has left out', () => {
  const record = { Id: 12290, RecordId: 7, LogName: 'Key Management Service', TimeCreated: '/Date(1)/', Message: 'x' };
  expect(reasonsOf(JSON.stringify(record))).toEqual([
    expect.stringContaining('it lacks MachineName: leave out Select-Object'),
  ]);
  expect(reasonsOf('{"TimeCreated":"/Date(1)/","Message":"x"}')[0]).toContain(
    'it lacks Id, RecordId, LogName, MachineName, Properties',
  );
});

it('says where a known form should have a field that a table of it lacks', () => {
  const record = {
    winlog: { event_id: 12290, channel: 'Key Management Service', computer_name: 'kms01' },
    '@timestamp': '2026-01-01T00:00:00Z',
  };
  expect(reasonsOf(JSON.stringify(record))).toEqual([
    expect.stringContaining('it has no record id in winlog.record_id'),
  ]);
});

it('reads records behind the rest of one that was cut, even where dates and numbers make it look like a table', () => {
  const tail = '-27T08:15:30Z","b":2026,"c":"x, 27.11.2026 08:15, SPP, 12290, x"}';
  const json = '{"winlog":{"event_id":1}}';
  const ignored = 'its id is not one of 12290 to 12294';
  for (const rest of [tail, 'x, 27.11.2026 08:15, SPP, 12290, x"}'])
    expect(reasonsOf(`${rest}\n${json}\n${json}\n`)).toEqual(['it is not a JSON object', ignored, ignored]);
  const event = '<Event><System><EventID>1</EventID></System></Event>';
  const rest = '1, 27.11.2026 08:15, SPP, 12290, x</Data></EventData></Event>';
  expect(reasonsOf(`${rest}${event}${event}`).slice(1)).toEqual([ignored, ignored]);
});

it('reads records between the separators of JSON text sequences and of GELF', () => {
  const json = '{"winlog":{"event_id":1}}';
  expect(reasonsOf(`\u001e${json}\n\u001e${json}\n`)).toHaveLength(2);
  expect(new Set(reasonsOf(`${json}\0${json}\0`))).toEqual(new Set(['its id is not one of 12290 to 12294']));
});

it('reads records behind a line of junk', () => {
  const record = { winlog: { event_id: 1 } };
  expect(reasonsOf(`tail of a line"}\n${JSON.stringify(record)}`)).toEqual([
    'it is not a JSON object',
    'its id is not one of 12290 to 12294',
  ]);
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainName, readName, withDomain } from './name.ts';

const GUID = '0b5d3c1e-5a0f-4b8e-9a6d-0a1b2c3d4e5f';

describe('a name of an inventory', () => {
  it.each([
    ['WS-001', 'ws-001'],
    ['  ws-001\u00a0', 'ws-001'],
    ['\ufeffWS-001', 'ws-001'],
    ['CORP\\WS-001', 'ws-001'],
    ['CORP\\WS-001$', 'ws-001'],
    ['WS-001$', 'ws-001'],
    ['ws-001.corp.example.com.', 'ws-001.corp.example.com'],
    [`WS-001\nCNF:${GUID}`, 'ws-001'],
    [`WS-001\\0ACNF:${GUID}`, 'ws-001'],
    [`WS-001 CNF:${GUID}`, 'ws-001'],
    ["X'57532d303031'", 'ws-001'],
    ['BÜRO-4', 'büro-4'],
    ['7-ZIP-PC', '7-zip-pc'],
    ['', ''],
    ['n/a', ''],
    ['-', ''],
  ])('%j is read as %j', (text, name) => {
    expect(readName(text)).toEqual({ ok: true, value: name });
  });

  it.each([
    ['192.0.2.84', 'an address is not a name'],
    ['10.0.0.300', 'an address is not a name'],
    ['2001:db8::1', 'an address is not a name'],
    ['[2001:db8::1]', 'an address is not a name'],
    ['fe80::1%12', 'an address is not a name'],
    ['1.23E+12', 'a number is not the name of a machine'],
    ['1,23E+12', 'a number is not the name of a machine'],
    ['5E12', 'a number is not the name of a machine'],
    ['20261128', 'a number is not the name of a machine'],
    ['ws..corp', 'the machine name has an empty part'],
  ])('%s is refused: %s', (text, reason) => {
    expect(readName(text)).toEqual({ ok: false, error: reason });
  });

  it.each(['#NAME?', "Reception's iPad", 'a b', '<script>'])('%s is refused', (text) => {
    expect(readName(text).ok).toBe(false);
  });

  it('is read again as itself', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (text) => {
        const name = readName(text);
        if (name.ok) expect(readName(name.value)).toEqual(name);
      }),
    );
  });
});

it.each([
  ['ws-001', 'corp.example.com', 'ws-001.corp.example.com'],
  ['ws-001', 'Corp.Example.com.', 'ws-001.corp.example.com'],
  ['ws-001', 'CORP', 'ws-001'],
  ['ws-001.lab.example.com', 'corp.example.com', 'ws-001.lab.example.com'],
  ['ws-001', 'not a domain.', 'ws-001'],
  ['ws-001', '192.0.2.1', 'ws-001'],
])('%s in the domain %s is %s', (name, domain, full) => {
  expect(withDomain(name, domain)).toBe(full);
});

it('takes a name as somebody types it', () => {
  expect(['CORP\\WS-1$', 'ws-1.corp.example.', '10.0.0.1'].map(plainName)).toEqual([
    'ws-1',
    'ws-1.corp.example',
    '10.0.0.1',
  ]);
});

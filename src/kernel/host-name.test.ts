import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { formatHostPort, parseHostPort, parsePort } from './address.ts';
import { firstLabel, parseHostName, printable } from './host-name.ts';

describe('parseHostName', () => {
  test.each([
    ['KMS01.Corp.Example.COM.', 'kms01.corp.example.com'],
    ['_vlmcs._tcp.corp.example.com', '_vlmcs._tcp.corp.example.com'],
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['kms_01', 'kms_01'],
  ])('%s is %s', (text, name) => {
    expect(parseHostName(text)).toEqual({ ok: true, value: name });
  });

  test.each([
    ['', 'the name is empty'],
    ['.', 'the name is empty'],
    ['a..b', "'a..b' has an empty label"],
    ['kms 01', "'kms 01' is not a host name: labels have letters, digits, '-' and '_' only"],
    ['-kms', "'-kms' is not a host name: labels have letters, digits, '-' and '_' only"],
    ['10.0.0.300', "'10.0.0.300' is not an address"],
    [`${'a'.repeat(64)}.example`, `'${'a'.repeat(64)}.example' has a label of more than 63 characters`],
    ['a.'.repeat(130), 'the name has more than 253 characters'],
    ['kms\n01', "'kms?01' is not a host name: labels have letters, digits, '-' and '_' only"],
  ])('%j is refused', (text, message) => {
    expect(parseHostName(text)).toEqual({ ok: false, error: message });
  });

  it('gives nothing that could break a label, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = parseHostName(text);
        if (name.ok) expect(name.value).toMatch(/^[a-z0-9_.:%-]+$/i);
      }),
    );
  });
});

test('firstLabel ends at the first dot', () => {
  expect(firstLabel('kms01.corp.example.com')).toBe('kms01');
  expect(firstLabel('kms01')).toBe('kms01');
});

test('printable shows no control character and cuts long texts', () => {
  expect(printable('SSH-2.0\r\n\u0000é')).toBe('SSH-2.0????');
  expect(printable('a'.repeat(200))).toHaveLength(80);
});

describe('parseHostPort', () => {
  test.each([
    ['kms01:1689', 'kms01', 1689],
    ['kms01', 'kms01', undefined],
    ['192.0.2.1:53', '192.0.2.1', 53],
    ['2001:db8::53', '2001:db8::53', undefined],
    ['[2001:db8::53]', '2001:db8::53', undefined],
    ['[2001:db8::53]:5353', '2001:db8::53', 5353],
  ])('%s', (text, host, port) => {
    expect(parseHostPort(text)).toEqual({ ok: true, value: { host, port } });
  });

  test.each(['kms01:0', 'kms01:65536', 'kms01:x', ':53', '[::1]:', '[]'])('%s is refused', (text) => {
    expect(parseHostPort(text).ok).toBe(false);
  });
});

test('formatHostPort writes what parseHostPort reads', () => {
  expect(formatHostPort('192.0.2.1', 53, 53)).toBe('192.0.2.1');
  expect(formatHostPort('2001:db8::53', 53)).toBe('[2001:db8::53]:53');
  expect(formatHostPort('kms01', 1688)).toBe('kms01:1688');
});

test('parsePort names the range', () => {
  expect(parsePort('70000')).toEqual({ ok: false, error: "'70000' is not a port: 1 to 65535" });
});

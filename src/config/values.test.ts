import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatListenAddress, parseListenAddress } from './listen-address.ts';
import { parseAllowedTarget } from './probe-allow.ts';
import { formatShare, parseShare } from './share.ts';
import { formatSize, parseSize } from './size.ts';

test.each([
  ['0B', 0],
  ['512KiB', 512 * 1024],
  ['16 MiB', 16 * 2 ** 20],
  ['1GiB', 2 ** 30],
])('reads the size %s', (text, octets) => {
  expect(parseSize(text)).toEqual({ ok: true, value: octets });
});

test.each(['', '16', '16MB', '16 mib', '-1KiB', '1.5MiB', '16iB', '9999999B'])('refuses the size %j', (text) => {
  expect(parseSize(text).ok).toBe(false);
});

test('a written size is read back', () => {
  const octets = fc.tuple(fc.nat(999_999), fc.constantFrom(1, 2 ** 10, 2 ** 20, 2 ** 30, 2 ** 40));
  fc.assert(
    fc.property(octets, ([count, unit]) => {
      expect(parseSize(formatSize(count * unit))).toEqual({ ok: true, value: count * unit });
    }),
  );
});

test('a written share is read back', () => {
  fc.assert(
    fc.property(fc.nat(10_000), (basisPoints) => {
      const share = parseShare(`${basisPoints / 100}%`);
      expect(share.ok && parseShare(formatShare(share.value))).toEqual(share);
      expect(share.ok && share.value).toBeCloseTo(basisPoints / 10_000, 12);
    }),
  );
});

test.each(['', '5', '101%', '-1%', '1e1%', '%'])('refuses the share %j', (text) => {
  expect(parseShare(text).ok).toBe(false);
});

test.each([':0', ':65535', '127.0.0.1:80', '[::1]:80', 'localhost:80'])(
  'a written address is read back: %s',
  (text) => {
    const address = parseListenAddress(text);
    expect(address.ok && formatListenAddress(address.value)).toBe(text);
  },
);

test.each(['', ':', '80', '127.0.0.1', ':65536', '::1:80', '[::1:80', 'a b:80', '300.1.1.1:80', '[]:80', '*:80'])(
  'refuses the address %j',
  (text) => {
    expect(parseListenAddress(text).ok).toBe(false);
  },
);

test.each(['10.0.0.0/8', '2001:db8::/32', '10.0.0.1', 'KMS01:1689', '[::1]:1688', '*.Lab.example.com'])(
  'lets /probe look at %s',
  (text) => {
    expect(parseAllowedTarget(text)).toEqual({ ok: true, value: text.toLowerCase() });
  },
);

test.each(['', '*', '*.', '10.0.0.0/33', 'a/b', 'kms01:0', '*.*.example.com'])(
  'does not know the target %j',
  (text) => {
    expect(parseAllowedTarget(text).ok).toBe(false);
  },
);

test('no text makes a parser throw', () => {
  fc.assert(
    fc.property(
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('utf8')),
      (text) => {
        for (const parse of [parseSize, parseShare, parseListenAddress, parseAllowedTarget]) parse(text);
      },
    ),
  );
});

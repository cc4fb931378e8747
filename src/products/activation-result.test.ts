import { expect, test } from 'vitest';
import { explainResult, formatHresult } from './activation-result.ts';

/** Microsoft, "Resolve Windows activation error codes" and "Troubleshoot KMS". */
const DOCUMENTED = [
  0xc004f038, 0xc004f039, 0xc004f041, 0xc004f042, 0xc004f050, 0xc004f051, 0xc004f056, 0xc004f06b, 0xc004f06c,
  0xc004f074, 0xc004f00f, 0xc004f035, 0xc004f014, 0xc004f015, 0xc004c008, 0x4004f040, 0xc004f081, 0xc004f082,
  0xc004f083, 0x8007232b, 0x8007232a, 0x8007251d, 0x80092328, 0x8007007b, 0x8007267c, 0x80070005, 0x800706ba,
  0xc0020017, 0x8007139f, 0x8007000d,
];

test.each(DOCUMENTED.map((code) => [formatHresult(code), code] as const))('%s has its own words', (_text, code) => {
  const result = explainResult(code);

  expect(result).not.toBe(explainResult(0x8004fe2d));
  expect(result.meaning).toMatch(/^[A-Z].*\.$/);
  expect(result.remedy).toMatch(/^[A-Z].*\.$/);
});

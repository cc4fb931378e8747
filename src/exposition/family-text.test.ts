import fc from 'fast-check';
import { Counter, Gauge, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { familyText } from './family-text.ts';
import type { Metric, Sample } from './metric.ts';

const awkward = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\\', '\n', '{', ',') });
const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }), fc.nat());

/** The same by prom-client. */
async function byLibrary({ name, type, help, labels }: Metric, [texts, number]: Sample): Promise<string> {
  const registry = new Registry();
  const options = { name, help, labelNames: [...labels], registers: [registry] };
  const pairs = Object.fromEntries(labels.map((label, index) => [label, texts[index] ?? '']));
  if (type === 'counter') new Counter(options).inc(pairs, number);
  else new Gauge(options).set(pairs, number);
  return registry.metrics();
}

it('writes what prom-client writes, whatever is in help, labels and values', async () => {
  const family = fc.record({
    type: fc.constantFrom('gauge', 'counter'),
    help: awkward.map((text) => `Of ${text}.`),
    texts: fc.array(awkward, { maxLength: 3 }),
    value,
  });
  await fc.assert(
    fc.asyncProperty(family, async ({ type, help, texts, value: number }) => {
      const labels = texts.map((_, index) => `label${index}`);
      const metric = { name: type === 'counter' ? 'kms_a_total' : 'kms_a', type, help, labels, samples: () => [] };
      const { head, line } = familyText(metric as Metric);
      expect(head.text + line([texts, number])).toBe(await byLibrary(metric as Metric, [texts, number]));
    }),
  );
});

it('writes the two lines of a summary, and what is beyond every number', () => {
  const metric: Metric = { name: 'kms_s', type: 'summary', help: 'Says "s"', labels: ['a'], samples: () => [] };
  const { head, line } = familyText(metric);
  expect(head.text + line([['x'], Infinity, '_sum']) + line([['x'], -Infinity, '_count'])).toBe(
    '# HELP kms_s Says "s"\n# TYPE kms_s summary\nkms_s_sum{a="x"} +Inf\nkms_s_count{a="x"} -Inf\n',
  );
  expect(head.openmetrics).toBe('# HELP kms_s Says \\"s\\"\n# TYPE kms_s summary\n');
});

import { expect, test } from 'vitest';
import type { Explanation } from './explanation.ts';
import { explanationText } from './explanation-text.ts';

const EXPLANATION: Explanation = {
  client: 'ws1',
  verdict: 'at_risk',
  headline: 'ws1: something is the matter.',
  sections: [{ title: 'Product', verdict: 'at_risk', paragraphs: [`A ${'word '.repeat(40)}end.`] }],
  actions: ['First.', `${'x'.repeat(120)} last.`],
  evidence: [{ title: 'Table', head: ['a', 'b'], rows: [['longer', '1']] }],
};

test('colours the headline by the verdict, and titles', () => {
  const text = explanationText(EXPLANATION, (style, part) => `<${style}>${part}</${style}>`);

  expect(text).toContain('<yellow>! ws1: something is the matter.</yellow>');
  expect(text).toContain('<bold>WHAT TO DO</bold>');
  expect(text).toContain('<dim>a       b</dim>\nlonger  1');
});

test('breaks lines at blanks before 100 columns, and leaves a longer word whole', () => {
  const lines = explanationText(EXPLANATION).split('\n');

  expect(lines.filter((line) => line.length > 100)).toEqual([`2. ${'x'.repeat(120)}`]);
});

test('says that there is nothing to do', () => {
  expect(explanationText({ ...EXPLANATION, actions: [] })).toContain('WHAT TO DO\nNothing.\n');
});

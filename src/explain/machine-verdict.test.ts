import { expect, it } from 'vitest';
import type { MachineJson } from '../machines/machine-json.ts';
import { machineSentences } from './machine-verdict.ts';

const MACHINE: MachineJson = {
  ...{ machine: 'ws1', other_names: [], verdict: 'renewing', since: null, system: null, sources: [] },
  ...{ last_request: null, host: null, pinned: false, products: [], duplicate: false, advice: 'Nothing to do.' },
};

it('does not say that nothing is to be done above what is to be done', () => {
  expect(machineSentences(MACHINE, [])).toEqual(['Verdict: renewing. Nothing to do.']);
  expect(machineSentences(MACHINE, ['Correct its clock.'])).toEqual(['Verdict: renewing.']);
  const gone: MachineJson = { ...MACHINE, verdict: 'gone', advice: 'Retire it.' };
  expect(machineSentences(gone, ['Correct its clock.'])).toEqual(['Verdict: gone. Retire it.']);
});

import { expect, it } from 'vitest';
import { seconds } from '../kernel/time.ts';
import { formerNames, renamedTo } from './renames.ts';

/** Newest first, as `client machine`. */
function uses(...all: readonly string[]) {
  return all.map((use, index) => {
    const [clientId = '', machine = ''] = use.split(' ');
    return { clientId, machine, time: seconds(100 - index) };
  });
}

function of(machine: string, all: ReturnType<typeof uses>) {
  const newest = all.find((use) => use.machine === machine);
  if (newest === undefined) throw new Error('never used');
  return { former: formerNames(newest, all).map((name) => name.machine), now: renamedTo(newest, all) };
}

it('knows the names before, newest first, and the name now', () => {
  const all = uses('a third', 'a third', 'a second', 'a first');
  expect(of('third', all)).toEqual({ former: ['second', 'first'], now: undefined });
  expect(of('first', all)).toEqual({ former: [], now: { machine: 'third', since: 99 } });
});

it('takes names of another client id for no former ones', () => {
  expect(of('new', uses('b new', 'a old'))).toEqual({ former: [], now: undefined });
});

it('keeps a machine apart from a renamed one whose name it was given', () => {
  const all = uses('b reused', 'a moved', 'a reused');
  expect(of('reused', all)).toEqual({ former: [], now: undefined });
  expect(of('moved', all).former).toEqual(['reused']);
});

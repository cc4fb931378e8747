import { afterAll, describe, expect, it, test } from 'vitest';
import { systemRandom } from '../../kernel/random.ts';
import { Secret } from '../../kernel/secret.ts';
import { BcryptThread, type Comparison } from './bcrypt-thread.ts';
import { PasswordCheck } from './password-check.ts';

/** "opensesame", as `htpasswd -nBC 4` writes it. */
const HASH = '$2y$04$gtN./EIgcuFVMQAIoZEOy.khhWEP5PMO/v0i5gfLrdR2jZTYcmnlu';
const USERS = new Map([['alice', new Secret(HASH)]]);

function counted() {
  const asked: Comparison[] = [];
  const thread = {
    compare: async (comparison: Comparison) => {
      asked.push(comparison);
      return comparison.password === 'opensesame' && comparison.hash === HASH;
    },
    close: async () => {},
  };
  return { asked, check: new PasswordCheck(systemRandom, thread) };
}

describe('a password', () => {
  it('is compared once, right or wrong, and then remembered', async () => {
    const { asked, check } = counted();
    for (const password of ['opensesame', 'opensesame', 'guess', 'guess']) {
      const verdict = await check.check({ user: 'alice', password }, USERS);
      expect(verdict).toBe(password === 'guess' ? 'wrong' : 'right');
    }
    expect(asked).toHaveLength(2);
  });

  it('is compared once by many who ask at the same time', async () => {
    const { asked, check } = counted();
    const ask = () => check.check({ user: 'alice', password: 'opensesame' }, USERS);
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['right', 'right', 'right']);
    expect(asked).toHaveLength(1);
  });

  it('of an unknown user costs as much as that of a known one', async () => {
    const { asked, check } = counted();
    expect(await check.check({ user: 'mallory', password: 'x' }, USERS)).toBe('wrong');
    expect(asked.map(({ hash }) => hash.slice(0, 7))).toEqual(['$2y$04$']);
    expect(asked[0]?.hash).toHaveLength(60);
  });

  it('is not right for an unknown user, even if it is that of the hash in its place', async () => {
    const check = new PasswordCheck(systemRandom, { compare: async () => true, close: async () => {} });
    expect(await check.check({ user: 'mallory', password: 'x' }, USERS)).toBe('wrong');
  });

  it('is asked for again if the hash has changed', async () => {
    const { asked, check } = counted();
    await check.check({ user: 'alice', password: 'opensesame' }, USERS);
    const changed = new Map([['alice', new Secret(`${HASH.slice(0, -1)}${HASH.endsWith('a') ? 'b' : 'a'}`)]]);
    expect(await check.check({ user: 'alice', password: 'opensesame' }, changed)).toBe('wrong');
    expect(asked).toHaveLength(2);
  });

  it('cannot pass for another by what is in the name (CVE-2022-46146)', async () => {
    const { check } = counted();
    await check.check({ user: 'alice', password: 'opensesame' }, USERS);
    const joined = { user: `alice","${HASH}`, password: 'opensesame' };
    expect(await check.check(joined, USERS)).toBe('wrong');
  });

  it('is not pushed out of the memory by guesses', async () => {
    const { asked, check } = counted();
    await check.check({ user: 'alice', password: 'opensesame' }, USERS);
    for (let guess = 0; guess < 150; guess += 1) await check.check({ user: 'alice', password: `${guess}` }, USERS);
    const before = asked.length;
    await check.check({ user: 'alice', password: 'opensesame' }, USERS);
    expect(asked).toHaveLength(before);
    await check.check({ user: 'alice', password: '0' }, USERS);
    expect(asked).toHaveLength(before + 1);
  });
});

describe('the thread', () => {
  const thread = new BcryptThread();
  afterAll(() => thread.close());

  it('compares', async () => {
    expect(await thread.compare({ password: 'opensesame', hash: HASH })).toBe(true);
    expect(await thread.compare({ password: 'opensesam', hash: HASH })).toBe(false);
  });

  it('does not hold up the event loop', async () => {
    const slow = HASH.replace('$04$', '$10$');
    const before = { all: process.cpuUsage(), own: process.threadCpuUsage() };
    await Promise.all(Array.from({ length: 4 }, () => thread.compare({ password: 'x', hash: slow })));
    // By processor time and not by the clock, as other programs may be busy too: the work is that of another thread.
    const { user } = process.threadCpuUsage(before.own);
    expect(user).toBeLessThan(process.cpuUsage(before.all).user / 2);
  });

  it('refuses a caller if too many wait, and those who wait when it is closed', async () => {
    const other = new BcryptThread();
    const all = Array.from({ length: 40 }, () => other.compare({ password: 'x', hash: HASH.replace('$04$', '$12$') }));
    expect(await Promise.all(all.slice(32))).toEqual(Array.from({ length: 8 }, () => undefined));
    await other.close();
    expect(await Promise.all(all.slice(0, 32))).toContain(undefined);
  });
});

test('both together know who is who', async () => {
  const check = new PasswordCheck(systemRandom);
  expect(await check.check({ user: 'alice', password: 'opensesame' }, USERS)).toBe('right');
  expect(await check.check({ user: 'alice', password: 'x' }, USERS)).toBe('wrong');
  expect(await check.check({ user: 'bob', password: 'opensesame' }, USERS)).toBe('wrong');
  await check.close();
});

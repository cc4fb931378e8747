import { describe, expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import type { SecretSource } from '../config/secrets.ts';
import { silentLogger } from '../kernel/logger.ts';
import { err, ok } from '../kernel/result.ts';
import { Secret } from '../kernel/secret.ts';
import { SenderAuth } from './sender-auth.ts';
import type { IngestSettings, PushHost } from './web-backend.ts';

/** A file with a token, which counts how often it is read. */
class TokenFile implements SecretSource {
  reads = 0;
  text: string | undefined;

  constructor(text: string | undefined) {
    this.text = text;
  }

  async read() {
    this.reads++;
    return this.text === undefined ? err('cannot read the secret in /etc/kmswatch/x.token') : ok(new Secret(this.text));
  }
}

function settings(pushes: readonly PushHost[], token?: SecretSource): IngestSettings {
  return { token, pushes, canonicalise: (name) => name, maxBody: 1000 };
}

function files(count: number): { file: TokenFile; push: PushHost }[] {
  return Array.from({ length: count }, (_, index) => {
    const file = new TokenFile(`token-${index}`);
    return { file, push: { host: hostName(`kms${index}`), token: file } };
  });
}

describe('the authentication of senders', () => {
  const shipper = new TokenFile('shipper');

  it('recognises a shipper or a host by its token, and nobody without one', async () => {
    const senders = new SenderAuth(silentLogger);
    const pushes = files(3).map(({ push }) => push);
    const all = settings(pushes, shipper);
    expect(await senders.authenticate('shipper', all)).toEqual(ok({ kind: 'shipper' }));
    expect(await senders.authenticate('token-1', all)).toEqual(ok({ kind: 'hosts', hosts: new Set(['kms1']) }));
    expect(await senders.authenticate('token-7', all)).toEqual(err('unknown'));
    expect(await senders.authenticate(undefined, all)).toEqual(err('unknown'));
  });

  it('accepts a shared token for each of its hosts, and warns of it once', async () => {
    const told: object[] = [];
    const pushes = [files(1)[0]?.push, { host: hostName('other'), token: new TokenFile('token-0') }].flatMap(
      (push) => push ?? [],
    );
    const senders = new SenderAuth({ ...silentLogger, warn: (fields) => void told.push(fields) });
    for (let round = 0; round < 2; round++) {
      expect(await senders.authenticate('token-0', settings(pushes))).toEqual(
        ok({ kind: 'hosts', hosts: new Set(['kms0', 'other']) }),
      );
    }
    expect(told).toEqual([
      { hosts: ['kms0', 'other'], remedy: expect.stringContaining('give each host its own token') },
    ]);
  });

  it('heeds a changed token file at once', async () => {
    const senders = new SenderAuth(silentLogger);
    const [first, second] = files(2);
    if (first === undefined || second === undefined) throw new Error('two files');
    const both = settings([first.push, second.push]);
    await senders.authenticate('token-0', both);
    first.file.text = 'new';
    expect(await senders.authenticate('token-0', both)).toEqual(err('unknown'));
    expect(await senders.authenticate('new', both)).toEqual(ok({ kind: 'hosts', hosts: new Set(['kms0']) }));
    second.file.text = 'token-0';
    expect(await senders.authenticate('token-0', both)).toEqual(ok({ kind: 'hosts', hosts: new Set(['kms1']) }));
    expect(await senders.authenticate('token-0', settings([first.push]))).toEqual(err('unknown'));
  });

  it('calls an unknown token unreadable while any token file cannot be read', async () => {
    const told: object[] = [];
    const senders = new SenderAuth({ ...silentLogger, error: (fields) => void told.push(fields) });
    const [host] = files(1);
    const broken = { host: hostName('kms9'), token: new TokenFile(undefined) };
    if (host === undefined) throw new Error('one file');
    const all = settings([host.push, broken]);
    expect(await senders.authenticate('token-0', all)).toMatchObject({ ok: true });
    for (let again = 0; again < 3; again++)
      expect(await senders.authenticate('stranger', all)).toEqual(err('unreadable'));
    expect(told).toEqual([{ whose: 'kms9', error: 'cannot read the secret in /etc/kmswatch/x.token' }]);
    expect(await senders.authenticate('x', settings([], new TokenFile(undefined)))).toEqual(err('unreadable'));
  });

  it('reads one file for a known sender, and every file twice at most for any number of unknown ones at once', async () => {
    const senders = new SenderAuth(silentLogger);
    const many = files(50);
    const all = settings(many.map(({ push }) => push));
    const reads = () => many.reduce((sum, { file }) => sum + file.reads, 0);
    await senders.authenticate('token-7', all);
    expect(reads()).toBe(50);
    await senders.authenticate('token-7', all);
    expect(reads()).toBe(51);
    await Promise.all(Array.from({ length: 200 }, (_, index) => senders.authenticate(`stranger-${index}`, all)));
    expect(reads()).toBeLessThanOrEqual(51 + 2 * 50);
  });
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookupSrv } from '../../src/discovery/lookup-srv.ts';
import { nameServer } from '../../src/discovery/servers.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { systemRandom } from '../../src/kernel/random.ts';
import { type Knot, startKnot } from '../peers/knot.ts';
import { describeWithPeers } from '../peers/peer.ts';
import { hostName } from '../support/host-name.ts';
import { FOREVER } from '../support/patient.ts';

const ZONES = {
  'corp.example': ['_vlmcs._tcp SRV 0 0 1688 kms01', 'kms01 A 127.0.0.2'],
  'big.example': Array.from({ length: 40 }, (_, n) => `_vlmcs._tcp SRV 0 0 1688 kms${n}.subsidiary`),
};

const OPTIONS = {
  timeout: FOREVER,
  attempts: 2,
  clock: systemClock,
  random: systemRandom,
  signal: new AbortController().signal,
};

describeWithPeers('Knot', ['knotd'], () => {
  let knot: Knot;

  beforeAll(async () => {
    knot = await startKnot(ZONES);
  });
  afterAll(() => knot?.stop());

  test.each([
    ['corp.example', 1],
    // Over UDP it answers with TC and no record at all.
    ['big.example', 40],
  ])('gives all records of %s', async (domain, count) => {
    const lookup = await lookupSrv(hostName(domain), nameServer(hostName(knot.address), knot.port), OPTIONS);
    expect(lookup.result.ok && lookup.result.value.records).toHaveLength(count);
  });

  test('refuses what it does not have', async () => {
    const lookup = await lookupSrv(hostName('other.example'), nameServer(hostName(knot.address), knot.port), OPTIONS);
    expect(lookup.result).toMatchObject({ ok: false, error: { reason: 'refused' } });
  });
});

import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { err, ok } from '../kernel/result.ts';
import { seconds } from '../kernel/time.ts';
import type { HostReading } from '../leases/log-history.ts';
import { storeFailure } from '../store/failure.ts';
import type { Stored } from '../store/store-types.ts';
import { tellReading } from './tell-reading.ts';

async function told(found: Awaited<Stored<readonly HostReading[]>>): Promise<readonly string[]> {
  const lines: string[] = [];
  const terminal = { out: () => {}, error: (text: string) => void lines.push(text), color: false, interactive: false };
  await tellReading({ reading: async () => found }, { ...terminal, env: {} });
  return lines;
}

it('says whose log is still coming in, and until when it has come', async () => {
  expect(await told(ok([{ host: hostName('kms01'), lastRecord: seconds(1_780_000_000) }]))).toEqual([
    'Still reading: the log of kms01, so far until 2026-05-28 20:26 UTC. This is what a part of the log shows: ask again once it is read.\n',
  ]);
});

it('says nothing if none is, and of an agent that does not know the question', async () => {
  expect(await told(ok([]))).toEqual([]);
  expect(await told(err(storeFailure('bad_query', 'the agent does not know this request')))).toEqual([]);
});

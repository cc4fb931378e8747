import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWithPeers } from '../../test/peers/peer.ts';
import { type TemporaryFolder, temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { barredFrom } from './store-rights.ts';

/** The agent's user, whom no file names, and another one. */
const AGENT = 54_321;
const OTHER = 54_322;

describeWithPeers("the folder of another user's agent", ['root'], () => {
  let place: TemporaryFolder;
  let state = '';
  beforeEach(async () => {
    place = await temporaryFolder();
    await chmod(place.path, 0o755);
    state = join(place.path, 'state');
    await mkdir(state);
    await writeFile(join(state, 'kmswatch.db'), '', { mode: 0o600 });
    await chown(join(state, 'kmswatch.db'), AGENT, AGENT);
    await chown(state, AGENT, AGENT);
  });
  afterEach(() => place.remove());

  function asUser(uid: number): string | undefined {
    process.seteuid?.(uid);
    try {
      return barredFrom(join(state, 'kmswatch.db'));
    } finally {
      process.seteuid?.(0);
    }
  }

  it.each([0o700, 0o755])('is for that user alone, with mode %i', async (mode) => {
    await chmod(state, mode);
    expect(asUser(OTHER)).toBe(
      `this user may not use ${state}/kmswatch.db: it belongs to #${AGENT}. Run the command as that user (sudo -u #${AGENT}), with the same --config and STATE_DIRECTORY.`,
    );
    expect(asUser(AGENT)).toBeUndefined();
    expect(asUser(0)).toBeUndefined();
  });

  it('may be shared', async () => {
    await chmod(join(state, 'kmswatch.db'), 0o666);
    expect(asUser(OTHER)).toBeUndefined();
  });

  it('has a name if its user has one', async () => {
    await chown(state, 1, 1);
    await chmod(state, 0o700);
    expect(asUser(OTHER)).toContain('(sudo -u daemon)');
  });
});

import { describe, expect, test } from 'vitest';
import { findPeer, installCommand, type PeerName } from './find-peer.ts';

/** Comes before the names of missing peers in the title of a skipped suite; test/run.ts lists them by it. */
export const NEEDS = 'needs';

/**
 * A `describe` whose tests need programs of others, or the rights of root. Where one is missing, the suite is skipped
 * and its title says which; in CI it fails instead, so that a test is never lost in silence.
 */
export function describeWithPeers(title: string, needs: readonly (PeerName | 'root')[], body: () => void): void {
  const missing = needs.filter((name) => (name === 'root' ? process.getuid?.() !== 0 : findPeer(name) === undefined));
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const named = `${title} (${NEEDS} ${missing.join(', ')})`;
  if (process.env['CI'] === 'true') {
    const peers = missing.filter((name) => name !== 'root');
    test(named, () => expect.unreachable(`${missing.join(', ')} missing; ${installCommand(peers)}`));
    return;
  }
  describe.skipIf(true)(named, body);
}

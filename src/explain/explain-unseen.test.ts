import { expect, it } from 'vitest';
import { NOW, SETTINGS } from '../../test/support/stories.ts';
import { seconds } from '../kernel/time.ts';
import { explainClient } from './explain-client.ts';
import { underKnownName } from './explain-unseen.ts';

it('looks in the domain of the full name that a list has for a bare one', () => {
  const asked = { kind: 'unseen', asked: 'ws-041', similar: [], hosts: [], domains: ['other.example'] } as const;
  const words = (known: string | undefined) =>
    explainClient(underKnownName(asked, known), SETTINGS, seconds(NOW)).actions.join(' ');
  expect(words('ws-041.corp.example')).toContain('_vlmcs._tcp.corp.example');
  expect(words(undefined)).toContain('_vlmcs._tcp.other.example');
});

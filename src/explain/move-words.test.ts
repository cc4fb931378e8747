import { expect, it } from 'vitest';
import { hostName } from '../../test/support/host-name.ts';
import { NOW, OFFICE, type Scene, SETTINGS, story } from '../../test/support/stories.ts';
import { DAY_S, seconds } from '../kernel/time.ts';
import type { HowMoved } from '../leases/migrating.ts';
import { explainClient } from './explain-client.ts';

const SILENT: Scene['made'] = [{ ago: 30 * DAY_S }];

function explain(how: HowMoved, to: string, made = SILENT) {
  const move = { to, since: seconds(NOW - 40 * DAY_S), how, at: seconds(NOW - 2 * DAY_S), host: hostName('kms01') };
  return explainClient({ ...story({ made }), move }, SETTINGS, seconds(NOW));
}

it('asks nothing of a machine that the directory activates by its own word', () => {
  const { verdict, headline, actions, sections } = explain('told', 'directory');
  expect(headline).toBe(
    'ws-0417.corp.example.com has moved to directory-based activation: it said so 2026-11-22 03:00 UTC (2 days ago). ' +
      'The move to directory-based activation began 2026-10-15 (leases.migrating).',
  );
  expect({ verdict, actions, first: sections[0]?.paragraphs }).toEqual({
    verdict: 'out_of_count',
    actions: [],
    first: [headline],
  });
});

it('goes on judging what such a machine still renews', () => {
  const { verdict, headline } = explain('told', 'directory', [...SILENT, { ago: DAY_S, product: OFFICE }]);
  expect(verdict).toBe('at_risk');
  expect(headline).not.toContain('moved');
});

it('says that a machine still renews at the old host, has gone to the new one, or fell silent', () => {
  const textOf = (how: HowMoved, to: string) => explain(how, to).sections[0]?.paragraphs.join();
  expect(textOf(undefined, 'kms9')).toMatch(/has not moved to kms9: it still renews at kms01, last 2026-11-22/);
  expect(textOf('asks', 'kms9')).toMatch(/has moved to kms9: it has asked it since 2026-11-22/);
  expect(textOf('silent', 'directory')).toMatch(/seems to have moved .* last asked kms01 2026-11-22.* gone or broken/);
  expect(explain('silent', 'directory').actions[0]).toContain('slmgr.vbs /dlv');
});

it('says nothing while nothing moves', () => {
  const { sections } = explainClient(story({ made: SILENT }), SETTINGS, seconds(NOW));
  expect(sections.map(({ title }) => title)).not.toContain('The move');
});

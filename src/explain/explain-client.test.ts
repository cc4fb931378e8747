import { describe, expect, test } from 'vitest';
import { FRESH, KMS02, MANY_HOSTS, SCENES, UNSEEN } from '../../test/support/scenes.ts';
import { HEALTHY_HOST, NOW, OFFICE, SERVER, SETTINGS, story, UNKNOWN, WINDOWS_10 } from '../../test/support/stories.ts';
import { DAY_S, HOUR_S, seconds } from '../kernel/time.ts';
import type { ClientStory } from '../leases/story.ts';
import { explainClient } from './explain-client.ts';
import { explanationText } from './explanation-text.ts';

describe('explainClient', () => {
  test.each(Object.entries(SCENES))('%s', async (name, [verdict, scene]) => {
    const explanation = explainClient(story(scene), SETTINGS, seconds(NOW));

    expect(explanation.verdict).toBe(verdict);
    await expect(explanationText(explanation)).toMatchFileSnapshot(`../../test/data/explain/${name}.txt`);
  });

  test.each([
    ['unseen', UNSEEN],
    ['unseen-nothing-known', { kind: 'unseen', asked: 'ws-1', similar: [], hosts: [], domains: [] }],
  ] satisfies [string, ClientStory][])('%s', async (name, unseen) => {
    const explanation = explainClient(unseen, SETTINGS, seconds(NOW));

    expect(explanation.verdict).toBe('unknown');
    await expect(explanationText(explanation)).toMatchFileSnapshot(`../../test/data/explain/${name}.txt`);
  });

  test('calls no log read that was imported, and tells until when it goes', () => {
    const hosts = [{ ...HEALTHY_HOST, read: false, imported: true }];
    const { sections, evidence } = explainClient({ ...UNSEEN, hosts }, SETTINGS, seconds(NOW));

    expect(sections[0]?.paragraphs.join()).toContain(
      'after the end of a log that was imported and is not being read: kms01.corp.example.com (2026-11-24 02:57 UTC).',
    );
    expect(sections[0]?.paragraphs.join()).not.toContain('a host whose log is not being read');
    expect(evidence[0]?.rows[0]?.[1]).toBe('was imported');
  });

  test('puts the worst product first, and what counts nowhere last', () => {
    const { sections } = explainClient(story(SCENES['several-products'][1]), SETTINGS, seconds(NOW));

    expect(sections.map(({ title }) => title)).toEqual([OFFICE.name, UNKNOWN.name, WINDOWS_10.name, SERVER.name]);
  });

  test('says an action once, however many products need it', () => {
    const refused = { hresult: 0xc004f041, ...FRESH };
    const { actions } = explainClient(
      story({
        made: [
          { ago: HOUR_S, ...refused },
          { ago: HOUR_S, product: OFFICE, ...refused },
        ],
      }),
      SETTINGS,
      seconds(NOW),
    );

    expect(actions.filter((action) => action.startsWith('Activate the host'))).toHaveLength(1);
  });

  test('gives an old shortfall neither as the reason nor as something to do once the host counts enough', () => {
    const { headline, actions, sections } = explainClient(
      story(SCENES['silent-after-shortfall'][1]),
      SETTINGS,
      seconds(NOW),
    );

    expect(headline).toContain('not heard from for 160 days');
    expect([headline, ...actions].join()).not.toMatch(/count|more machines/);
    expect(sections[0]?.paragraphs.join()).toContain('had counted 17 at that request. It counts at least 61 now');
  });

  test('has a silent machine ask again before its host gets more clients', () => {
    const { actions } = explainClient(story(SCENES['silent-host-still-short'][1]), SETTINGS, seconds(NOW));

    expect(actions[0]).toContain('switched on');
    expect(actions.at(-1)).toContain('8 more machines');
  });

  test('puts a cloned id before everything that it may have caused', () => {
    const { headline, actions, sections } = explainClient(story(SCENES['clones-failing'][1]), SETTINGS, seconds(NOW));

    expect(headline).toMatch(/^ws-0417.corp.example.com shares its client id with ws-0418/);
    expect(sections[0]?.title).toBe('The machine');
    expect(actions[0]).toMatch(/slmgr \/rearm, restart, slmgr \/ato\. It does nothing if SkipRearm is 1 under HKLM/);
  });

  test('names the hosts that a machine asked, and few of the others', () => {
    const { evidence } = explainClient(story(SCENES['many-hosts'][1]), SETTINGS, seconds(NOW));
    const hosts = evidence.find(({ title }) => title === 'KMS hosts')?.rows.map(([host]) => host);

    expect(hosts).toEqual([HEALTHY_HOST.host, ...MANY_HOSTS.slice(0, 3).map(({ host }) => host), 'and 9 more']);
  });

  test('does not blame silence on a machine when nobody reads the log', () => {
    const { actions } = explainClient(story(SCENES.blind[1]), SETTINGS, seconds(NOW));

    expect(actions.join()).not.toContain('retire');
  });
});

describe('while the history of a log is coming in', () => {
  const reading = { ...HEALTHY_HOST, reading: true };

  test('it says until when it is known, what was read so far, and no verdict and no remedy', () => {
    const scene = { made: [{ ago: 200 * DAY_S }], hosts: [{ ...reading, read: false }] };
    const { actions: judged } = explainClient(
      story({ ...scene, hosts: [{ ...HEALTHY_HOST, read: false }] }),
      SETTINGS,
      seconds(NOW),
    );
    expect(judged).not.toEqual([]);
    const { verdict, headline, sections, actions, evidence, isPart } = explainClient(
      story(scene),
      SETTINGS,
      seconds(NOW),
    );
    expect(headline).toMatch(
      /^Still reading: the log of \S+, so far until \d{4}-\d\d-\d\d [^.]*\. Until it is read, nothing can be said of \S+\.$/,
    );
    expect([verdict, sections, actions, isPart]).toEqual([
      ...['unknown', [], ['Ask again once the log is read.'], true],
    ]);
    expect(evidence.map(({ title }) => title)).toEqual(['Last requests, newest first', 'KMS hosts']);
  });

  test('a machine that nobody knows may still come', () => {
    const unseen: ClientStory = { kind: 'unseen', asked: 'br-0003', similar: [], hosts: [reading], domains: [] };
    const { headline, actions } = explainClient(unseen, SETTINGS, seconds(NOW));
    expect(headline).toMatch(/^Still reading: .* nothing can be said of br-0003\.$/);
    expect(actions).toEqual(['Ask again once the log is read.']);
  });

  test('a log that it never asked does not matter', () => {
    const other = { ...KMS02, reading: true };
    const { headline } = explainClient(
      story({ made: [{ ago: DAY_S }], hosts: [HEALTHY_HOST, other] }),
      SETTINGS,
      seconds(NOW),
    );
    expect(headline).not.toContain('Still reading');
  });
});

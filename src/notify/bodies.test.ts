import { describe, expect, it } from 'vitest';
import { openCondition } from '../../test/support/conditions.ts';
import { millis } from '../kernel/time.ts';
import { type Alert, alertOf } from './alert.ts';
import { alertmanagerBody } from './alertmanager-body.ts';
import { annotationsOf, genericBody } from './generic-body.ts';
import { slackBody } from './slack-body.ts';
import { teamsBody } from './teams-body.ts';
import { testAlert } from './test-alert.ts';

const LINKS = { pages: 'http://agent.example:11688/' };
const NOW = 1_700_000_100_000;
const firing = alertOf(openCondition('kms01.example'));
const critical = alertOf(
  openCondition('kms02.example', { name: 'KmsHostNotActivated', severity: 'critical', since: millis(NOW - 1) }),
);
const over: Alert = { ...alertOf(openCondition('kms03.example')), endsAt: millis(NOW) };
const many = Array.from({ length: 1000 }, (_, index) =>
  alertOf(openCondition(`kms${index}.example`, { summary: 'x'.repeat(400), remedy: 'y'.repeat(400) })),
);

describe('the body of Alertmanager', () => {
  it('has its fields, the critical first', () => {
    expect(genericBody([over, firing, critical], 'webhook-1', LINKS)).toMatchSnapshot();
  });

  it('is resolved when all of it is', () => {
    expect(genericBody([over], 'webhook-1', LINKS)).toMatchObject({
      status: 'resolved',
      alerts: [{ status: 'resolved' }],
    });
  });
});

it('gives Alertmanager itself an end that a dead agent cannot put off', () => {
  const doubtful = alertmanagerBody([firing, over], { now: millis(NOW), isInDoubt: true }, LINKS);
  // It goes by its own clock, but for what is over.
  expect(doubtful).toEqual([
    expect.not.objectContaining({ endsAt: expect.anything() }),
    expect.objectContaining({ endsAt: expect.any(String) }),
  ]);
  expect(alertmanagerBody([firing, over], { now: millis(NOW), isInDoubt: false }, LINKS)).toMatchSnapshot();
});

it.each([
  ['of an alert', firing, 'http://agent.example:11688/runbooks/KmsHostDown'],
  [
    'of a test, which is the list of all',
    testAlert(millis(NOW), 'agent.example'),
    'http://agent.example:11688/runbooks',
  ],
])('has the runbook %s on a page of the agent', (_, alert, url) => {
  expect(annotationsOf(alert, LINKS)).toMatchObject({ runbook_url: url });
  expect(slackBody([alert], LINKS)).toMatchObject({ attachments: [{ title_link: url }] });
  expect(JSON.stringify(teamsBody([alert], LINKS))).toContain(JSON.stringify({ title: 'Runbook', url }).slice(1));
  expect(alertmanagerBody([alert], { now: millis(NOW), isInDoubt: false }, LINKS)).toMatchObject([
    { annotations: { runbook_url: url } },
  ]);
});

describe('a message for people', () => {
  it('for Slack says what is wrong and what to do', () => {
    expect(slackBody([over, firing, critical], LINKS)).toMatchSnapshot();
  });

  it('for Teams says what is wrong and what to do', () => {
    expect(teamsBody([over, firing, critical], LINKS)).toMatchSnapshot();
  });

  // Microsoft: 28 KB a message; Slack: 100 attachments, and 40,000 characters of text.
  it.each([
    ['Slack', slackBody, 40_000],
    ['Teams', teamsBody, 28 * 1024],
  ])('for %s stays within what it takes, however much is wrong', (_who, body, limit) => {
    const text = JSON.stringify(body(many, LINKS));
    expect(Buffer.byteLength(text)).toBeLessThan(limit);
    expect(text).toContain('and 985 more');
  });

  it('lets no name of the network be markup', () => {
    const hostile = alertOf(
      openCondition('<!channel|x> *b* [a](http://evil.example)', { summary: '<!everyone> & co' }),
    );
    expect(JSON.stringify(slackBody([hostile], LINKS))).not.toMatch(/<!/);
    // Adaptive cards read Markdown in text blocks, and not in runs.
    expect(JSON.stringify(teamsBody([hostile], LINKS))).not.toContain('"TextBlock"');
  });
});

import { describe, expect, it } from 'vitest';
import { KMS01, left, NOW, OFFICE, type Scene, SETTINGS, story } from '../../../../test/support/stories.ts';
import { DAY_S, seconds } from '../../../kernel/time.ts';
import type { MachineJson } from '../../../machines/machine-json.ts';
import { clientMain } from './client-page.ts';

const READ_HOST = { host: KMS01, read: true, firstRecord: seconds(0), lastRecord: seconds(NOW) };
/** By lists and logs. */
const MACHINE: MachineJson = {
  ...{ machine: 'ws1', other_names: [], verdict: 'renewing' as const, since: null, system: null, sources: [] },
  ...{ last_request: null, host: KMS01, pinned: false, products: [], duplicate: false, advice: 'Nothing to do.' },
};

function text(scene: Scene): string {
  return clientMain({ story: story(scene), settings: SETTINGS, domains: [], now: seconds(NOW) }).text;
}

it('tells a healthy machine with its timeline and its history', () => {
  const made = [
    { ago: 14 * DAY_S, status: 0, minutes: 0 },
    { ago: 7 * DAY_S },
    { ago: DAY_S, minutes: left(6 * DAY_S) },
  ];
  const page = text({ made });
  expect(page).toContain('<span class="badge ok">activated</span>');
  expect(page).toContain('3 requests known, 0 refused, the last 24 hours ago. Ends ');
  expect(page.match(/<circle class="f-ok" cx="[\d.]+%" cy="26"/g)).toHaveLength(3);
  expect(page.match(new RegExp(`<td data-label="Host">${KMS01}</td>`, 'g'))).toHaveLength(3);
});

it('tells a refused request in red', () => {
  const page = text({ made: [{ ago: DAY_S, hresult: 0xc004f042, status: 5, minutes: 0 }] });
  expect(page).toContain('1 refused');
  expect(page.match(/<circle class="f-bad" cx="[\d.]+%" cy="26"/g)).toHaveLength(1);
});

it('folds all but the newest of many requests away', () => {
  const page = text({ made: Array.from({ length: 30 }, (_, week) => ({ ago: (30 - week) * 7 * DAY_S })) });
  const [shown = '', folded = ''] = page.split('<details id="older"><summary>10 older requests</summary>');
  const rows = (part: string) => part.match(new RegExp(`<td data-label="Host">${KMS01}</td>`, 'g'));
  expect(rows(shown)).toHaveLength(20);
  expect(rows(folded)).toHaveLength(10);
});

it('has a timeline for each product', () => {
  const page = text({ made: [{ ago: DAY_S }, { ago: DAY_S, product: OFFICE }] });
  expect(page.match(/<figure class="chart">/g)).toHaveLength(2);
});

it('has no verdict and no remedy while its log is coming in, and the requests that came so far', () => {
  const scene = { made: [{ ago: 200 * DAY_S }], hosts: [{ ...READ_HOST, reading: true }] };
  const page = clientMain({
    ...{ story: story(scene), settings: SETTINGS, domains: [], now: seconds(NOW) },
    machine: MACHINE,
  }).text;
  expect(page).toContain('<h2 id="todo">What to do</h2><ol><li>Ask again once the log is read.</li></ol>');
  expect(page).toContain('<h3>Last requests, newest first</h3>');
  expect(page).not.toMatch(/Verdict|Nothing to do|retire|id="why"|id="time"/);
});

describe('of a name that nobody knows', () => {
  const unseen = clientMain({
    story: { kind: 'unseen', asked: 'ws-041', similar: ['ws-0417', 'other'], hosts: [], domains: [] },
    settings: SETTINGS,
    domains: ['corp.example'],
    now: seconds(NOW),
  }).text;

  it('says what that can mean, and what to do', () => {
    expect(unseen).toContain('<h2 id="why">Possible reasons</h2>');
    expect(unseen).toContain('nslookup -type=srv _vlmcs._tcp.corp.example');
  });

  it('offers names like it', () => {
    expect(unseen).toContain('<a href="/clients/ws-0417">');
  });
});

describe.each([
  ['<script>alert(1)</script>', '&lt;script&gt;'],
  [`"' onmouseover=x`, '&quot;&#39; onmouseover'],
  ['\u202egnp.exe', '‹U+202E›gnp.exe'],
  ['bell\u0007', 'bell‹U+0007›'],
  ['w'.repeat(253), 'w'.repeat(253)],
  ['שלום', '<bdi>שלום</bdi>'],
  ['a/b?c#d', '/leases?client=a%2Fb%3Fc%23d'],
])('a machine called %j', (machine, shown) => {
  it('is shown and does nothing, seen or not', () => {
    const unseen = clientMain({
      story: { kind: 'unseen', asked: machine, similar: [machine], hosts: [], domains: [] },
      settings: SETTINGS,
      domains: [],
      now: seconds(NOW),
    });
    for (const page of [text({ made: [{ ago: DAY_S, machine }] }), unseen.text]) {
      expect(page).toContain(shown);
      expect(page).not.toMatch(/<script|\u202e|[^&;#0-9a-z ]' onmouseover/);
      expect(page).not.toContain('\u0007');
    }
  });
});

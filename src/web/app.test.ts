import { describe, expect, it, test } from 'vitest';
import { story } from '../../test/support/stories.ts';
import { access, app, fakeStore } from '../../test/support/web-app.ts';
import { err, ok } from '../kernel/result.ts';
import type { ClientStory } from '../leases/story.ts';
import type { MachineQuery } from '../machines/machine-query.ts';
import { html } from './html.ts';

const UNSEEN = { kind: 'unseen', similar: [], hosts: [], domains: [] } as const;

async function unread(): Promise<never> {
  throw new Error('nothing is to be read');
}

describe('the pages', () => {
  it('load nothing but their own files, run no script, and may do so by their policy', async () => {
    const response = await app().inject('/');
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'; /);
    expect(response.body).not.toMatch(/https?:|<script>|style=|<style|\son[a-z]+=/);
    for (const [, path = ''] of response.body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
      const file = await app().inject(path);
      expect([file.statusCode, file.headers['cache-control']]).toEqual([200, 'private, max-age=31536000, immutable']);
    }
  });

  it.each([
    ['/leases', 200],
    ['/leases?client=&state=valid', 200],
    ['/leases?state=x', 400],
    ['/leases?client=a&client=b', 400],
    ['/leases.csv?state=x', 400],
    ['/keys', 200],
    ['/keys.csv', 200],
    ['/clones', 200],
    ['/clones.csv', 200],
    ['/clones.csv?separator=;', 200],
    ['/leases.csv?separator=x', 400],
    ['/leases.csv?order=up', 400],
    ['/leases?silent_for=30d&order=reverse', 200],
    ['/keys.csv?separator=;', 200],
    ['/keys.csv?separator=x', 400],
    ['/clients/nobody', 404],
    ['/clients/', 302],
    [`/clients/${'w'.repeat(253)}`, 404],
    ['/runbooks', 200],
    ['/runbooks/KmsHostDown', 200],
    ['/runbooks/%3Cscript%3E', 404],
  ])('%s is %i', async (url, status) => {
    const response = await app().inject(url);
    expect(response.statusCode).toBe(status);
    expect(response.body).not.toContain('<script>');
  });

  it('know a machine by its name as somebody types it', async () => {
    const asked: string[] = [];
    const store = () =>
      fakeStore({
        explain: async (name) => {
          asked.push(name);
          return ok({ ...UNSEEN, asked: name });
        },
      });
    for (const typed of ['ws1.corp.example.', 'CORP%5CWS1', 'ws1$']) await app({ store }).inject(`/clients/${typed}`);
    expect(asked).toEqual(['ws1.corp.example', 'ws1', 'ws1']);
  });

  it('say when the store does not answer', async () => {
    const failing = () =>
      fakeStore({
        leases: async () => err({ reason: 'io', text: 'disk <full>' }),
        explain: async () => err({ reason: 'io', text: 'disk <full>' }),
      });
    for (const url of ['/leases', '/clients/ws']) {
      const response = await app({ store: failing }).inject(url);
      expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
      expect(response.body).toContain('disk &lt;full&gt;');
    }
    expect((await app({ store: failing }).inject('/leases.csv')).statusCode).toBe(503);
  });

  it('say that machines are still being compared, and what is known without that', async () => {
    const waiting: MachineQuery[] = [];
    const store = (kind: ClientStory['kind']) =>
      fakeStore({
        explain: async (asked) => ok(kind === 'seen' ? story({ made: [{ ago: 86_400 }] }) : { ...UNSEEN, asked }),
        machines: async (query) => {
          if (query.atOnce !== true) waiting.push(query);
          return err({ reason: 'comparing', text: 'machines are still being compared' });
        },
      });
    for (const [url, kind, status] of [
      ['/clients/ws1', 'seen', 200],
      ['/clients/ws1', 'unseen', 503],
      ['/machines', 'unseen', 503],
    ] as const) {
      const { statusCode, headers, body } = await app({ store: () => store(kind) }).inject(url);
      expect([statusCode, headers['retry-after']]).toEqual([status, status === 503 ? '5' : undefined]);
      expect(body).toMatch(/machines are still being compared/i);
      expect(body).toContain(url === '/machines' ? 'Filter machines' : 'What to do');
    }
    expect(waiting).toEqual([]);
  });

  it.each(['/leases.csv', '/clones.csv', '/machines.csv'])(
    'say of %s alone what it is, and read nothing',
    async (url) => {
      const store = () => fakeStore({ leases: unread, machines: unread });
      const { statusCode, headers, body } = await app({ store }).inject({ method: 'HEAD', url });
      expect([statusCode, body]).toEqual([200, '']);
      expect(headers['content-disposition']).toContain(url.slice(1));
      expect(headers['content-type']).toContain('text/csv');
    },
  );

  it('export all pages of a question, and break off where the store fails', async () => {
    const cursors: (string | undefined)[] = [];
    const store = (next: string | null) =>
      fakeStore({
        leases: async ({ cursor }) => {
          cursors.push(cursor);
          if (cursor === 'bad') return err({ reason: 'io', text: 'disk' });
          return ok({ leases: [], next_cursor: cursor === undefined ? next : null, previous_cursor: null });
        },
      });
    const whole = await app({ store: () => store('next') }).inject('/leases.csv?client=ws');
    expect(cursors).toEqual([undefined, 'next']);
    expect(whole.body).toMatch(/^\u{feff}client,client_id,.*retired\r\n$/u);
    await expect(app({ store: () => store('bad') }).inject('/leases.csv')).rejects.toThrow();
  });
});

describe('a runbook, to which alerts lead,', () => {
  it.each([
    ['the pages are switched off', { enabled: false, users: [] }],
    ['names of machines are for somebody else', { enabled: true, users: ['alice'] }],
  ])('is there if %s, without links to what is not', async (_, pages) => {
    const closed = app({ access: () => access({}, pages) });
    const response = await closed.inject('/runbooks/KmsHostDown');
    expect(response.statusCode).toBe(200);
    for (const [, path = ''] of response.body.matchAll(/(?:href|src|action)="([^"#]+)"/g)) {
      expect([path, (await closed.inject(path)).statusCode]).toEqual([path, 200]);
    }
    expect((await closed.inject('/')).statusCode).not.toBe(200);
    expect((await closed.inject('/leases.csv')).statusCode).not.toBe(200);
  });
});

test('html escapes every part that is not HTML itself', () => {
  const inner = html`<b>${'<'}</b>`;
  expect(html`<p title="${'"'}">${inner}${[inner, inner]}${1}</p>`.text).toBe(
    '<p title="&quot;"><b>&lt;</b><b>&lt;</b><b>&lt;</b>1</p>',
  );
});

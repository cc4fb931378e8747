import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { FLEET_START, fleetOf, recordsUntil } from '../../../test/support/fleet.ts';
import { manualClock } from '../../../test/support/manual-clock.ts';
import { PATIENT } from '../../../test/support/patient.ts';
import { Secret } from '../../kernel/secret.ts';
import { DAY_S } from '../../kernel/time.ts';
import { feed } from './feed.ts';
import { healthyPlan } from './healthy-plan.ts';
import type { LogRecord } from './log-record.ts';

const PLAN = healthyPlan(100);
const TAKEN: Answer = { status: 200, body: '{"accepted":1,"duplicate":0,"ignored":0,"rejected":[]}' };

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** In place of the agent's event route: takes everything down, and answers what the test says. */
class Agent {
  readonly requests: { readonly path: string; readonly token: string; readonly records: LogRecord[] }[] = [];
  readonly #server: Server;
  /** One for each request; then all is taken. */
  answers: Answer[] = [];

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
      const { url: path = '', headers } = request;
      this.requests.push({ path, token: headers.authorization ?? '', records: lines.map((line) => JSON.parse(line)) });
      const { status, body, headers: own = {} } = this.answers.shift() ?? TAKEN;
      response.writeHead(status, own).end(body);
    });
  }

  async listen(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    return `http://127.0.0.1:${address.port}`;
  }

  records(): LogRecord[] {
    return this.requests.flatMap(({ records }) => records);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

/** An agent and a feed that is running, both ended after the test. */
async function start(day: number, answers: Answer[] = []) {
  const agent = new Agent();
  agent.answers = answers;
  const url = await agent.listen();
  const clock = manualClock((FLEET_START + day * DAY_S) * 1000);
  const stop = new AbortController();
  const onHistory = vi.fn();
  const options = { url, token: new Secret('t0ken'), fleet: fleetOf(PLAN), from: FLEET_START, clock, onHistory };
  const done = feed({ ...options, signal: stop.signal });
  open.push({
    close: async () => {
      stop.abort();
      await done;
      await agent.close();
    },
  });
  return { agent, clock, stop, done, onHistory };
}

it('sends what there is up to now, in requests of at most a thousand records, and then what comes', async () => {
  const { agent, clock, stop, done, onHistory } = await start(60);
  await vi.waitFor(() => expect(onHistory).toHaveBeenCalled(), PATIENT);
  const history = agent.records();
  expect(onHistory.mock.calls).toEqual([[history.length]]);
  clock.advance(2 * DAY_S * 1000);
  await vi.waitFor(() => expect(agent.records().length).toBeGreaterThan(history.length), PATIENT);
  // The agent has them before the feed has its answer: only when it looks at the clock again, they count as taken.
  const nextLook = vi.spyOn(clock, 'now');
  await vi.waitFor(() => expect(nextLook).toHaveBeenCalled(), PATIENT);
  stop.abort();
  const total = await done;

  expect(agent.records()).toEqual(recordsUntil(fleetOf(PLAN), 62));
  expect(total).toEqual({ ok: true, value: agent.records().length });
  expect(agent.requests.length).toBeGreaterThan(2);
  for (const { path, token, records } of agent.requests) {
    expect({ path, token }).toEqual({ path: '/api/v1/events', token: 'Bearer t0ken' });
    expect(records.length).toBeLessThanOrEqual(1000);
  }
});

it('sends the same again when the agent cannot store it, after the time that it asks for', async () => {
  const busy = { status: 503, headers: { 'retry-after': '1' } };
  const { agent, onHistory } = await start(2, [busy, TAKEN]);
  // Timers of one process end in their order, however busy the machine is.
  let isSecondOver = false;
  void wait(900).then(() => {
    isSecondOver = true;
  });
  await vi.waitFor(() => expect(onHistory).toHaveBeenCalled(), PATIENT);
  expect(isSecondOver).toBe(true);
  expect(agent.requests).toHaveLength(2);
  expect(agent.requests[1]).toEqual(agent.requests[0]);
});

it('waits for an agent that is not there yet', async () => {
  const agent = new Agent();
  const url = await agent.listen();
  await agent.close();
  const clock = manualClock((FLEET_START + DAY_S) * 1000);
  const stop = new AbortController();
  const token = new Secret('t0ken');
  const onHistory = vi.fn();
  const done = feed({ url, token, fleet: fleetOf(PLAN), from: FLEET_START, clock, signal: stop.signal, onHistory });
  await wait(100);
  const later = new Agent();
  await later.listen(Number(new URL(url).port));
  // All is acknowledged by then, so that nothing is under way at the abort.
  await vi.waitFor(() => expect(onHistory).toHaveBeenCalled(), PATIENT);
  stop.abort();
  expect(later.records()).toEqual(recordsUntil(fleetOf(PLAN), 1));
  expect(await done).toEqual({ ok: true, value: later.records().length });
  await later.close();
});

it.each([
  ['the token is wrong', { status: 401, body: '{"error":"no"}' }, /answered 401 .*\{"error":"no"\}/],
  [
    'it does not understand a record',
    { status: 200, body: '{"accepted":1,"duplicate":0,"ignored":0,"rejected":[{"index":3,"reason":"no host"}]}' },
    /no host/,
  ],
])('ends with the reason when %s', async (_, answer, reason) => {
  const { done, onHistory } = await start(2, [answer]);
  expect(await done).toEqual({ ok: false, error: expect.stringMatching(reason) });
  expect(onHistory).not.toHaveBeenCalled();
});

it('ends at once if it is stopped while it waits', async () => {
  const { agent, stop, done } = await start(2, [{ status: 503, headers: { 'retry-after': '60' } }]);
  await vi.waitFor(() => expect(agent.requests).toHaveLength(1), PATIENT);
  stop.abort();
  expect(await done).toEqual({ ok: true, value: 0 });
});

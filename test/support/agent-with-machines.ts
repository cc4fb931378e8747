import { z } from 'zod';
import { type RunningAgent, startAgent } from './agent.ts';
import { fleetHistory, keepComing } from './fleet-history.ts';

/** A name as long as it can be, and written from right to left. */
export const ODD = 'ש'.repeat(253);

const TOKEN = 'a-token-of-the-test';
/** Nothing answers there, so that something is wrong. */
const CONFIG = `discovery: {domains: []}\nhosts: [{name: 127.0.0.1, port: 9}]\ningest: {token: ${TOKEN}}\n`;

/** An agent that has the demo's requests of two months, of which more come in, and one by a machine called {@link ODD}. */
export async function startAgentWithMachines(): Promise<RunningAgent> {
  const agent = await startAgent({ config: CONFIG });
  const history = fleetHistory(Date.now(), 60);
  const last = history.trimEnd().split('\n').at(-1) ?? '';
  const sent = await fetch(`${agent.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
    body: `${history}${renamed(last)}\n`,
  });
  if (sent.status !== 200) throw new Error(`the agent took no records: ${sent.status} ${await sent.text()}`);
  const end = keepComing(agent.url, TOKEN);
  return {
    ...agent,
    stop: () => {
      end();
      return agent.stop();
    },
  };
}

/** The same request by another machine. */
function renamed(line: string): string {
  const record = z.looseObject({ data: z.array(z.string()) }).parse(JSON.parse(line));
  const fields = (record.data[0] ?? '').split(',').with(2, ODD).with(3, '00000000-0000-4000-8000-000000000001');
  return JSON.stringify({ ...record, record_id: 999_999_999, data: [fields.join(','), ...fields] });
}

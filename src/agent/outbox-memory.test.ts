import { expect, it } from 'vitest';
import { ok } from '../kernel/result.ts';
import type { Store } from '../store/store.ts';
import { outboxMemory } from './outbox-memory.ts';

it('knows what was sent, and nothing of what is damaged', async () => {
  const alert = { fingerprint: 'f', labels: {}, summary: 's', remedy: 'r', runbook: 'b', startsAt: 5 };
  const alerts = [JSON.stringify(alert), '{"fin', '{"fingerprint":"g"}'];
  const rows = alerts.map((text) => ['hook', { fingerprint: 'f', pending: true, alert: text }] as const);
  const memory = outboxMemory({ loadOutbox: async () => ok(rows) } as unknown as Store);
  expect(await memory.load()).toEqual(new Map([['hook', [{ alert: { ...alert, endsAt: undefined }, pending: true }]]]));
});

import { z } from 'zod';
import { readObject } from '../kernel/read-object.ts';
import { millis } from '../kernel/time.ts';
import type { OutboxMemory } from '../notify/notifier.ts';
import type { OutboxEntry } from '../notify/outbox.ts';
import type { Store } from '../store/store.ts';

const StoredAlert = z.object({
  fingerprint: z.string(),
  labels: z.record(z.string(), z.string()),
  summary: z.string(),
  remedy: z.string(),
  runbook: z.string(),
  startsAt: z.number().transform(millis),
  endsAt: z.number().transform(millis).optional(),
});

/** The notifier's memory in the store. */
export function outboxMemory(store: Store): OutboxMemory {
  return {
    async load() {
      const rows = await store.loadOutbox();
      const known = new Map<string, OutboxEntry[]>();
      if (!rows.ok) return undefined;
      for (const [receiver, { pending, alert }] of rows.value) {
        const { data, success } = StoredAlert.safeParse(readObject(alert));
        // If a row is damaged, nobody knows what was sent: it is sent again if it is still true.
        if (!success) continue;
        const { endsAt, ...rest } = data;
        const entries = known.get(receiver) ?? [];
        entries.push({ alert: { ...rest, endsAt }, pending });
        known.set(receiver, entries);
      }
      return known;
    },
    async save(receiver, put, drop) {
      const rows = put.map(({ alert, pending }) => ({
        fingerprint: alert.fingerprint,
        pending,
        alert: JSON.stringify(alert),
      }));
      return (await store.saveOutbox(receiver, rows, drop)).ok;
    },
    async keep(receivers) {
      await store.keepOutbox(receivers);
    },
  };
}

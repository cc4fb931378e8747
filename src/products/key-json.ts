import { rfc3339OfSeconds } from '../kernel/time.ts';
import type { CoveringKey } from './coverage.ts';
import type { KeyPlan } from './key-plan.ts';
import type { KeysAndProducts, KeyTableRow } from './key-table.ts';
import { planWords } from './key-words.ts';

export type KeysJson = ReturnType<typeof keysJson>;

/** Hosts against products, as `GET /api/v1/keys` and `kmswatch keys --format json` give them. */
export function keysJson({ hosts }: KeysAndProducts, rows: readonly KeyTableRow[]) {
  return {
    hosts: hosts.map(({ host, time, os, keys }) => ({
      host: String(host),
      reported: rfc3339OfSeconds(time),
      os: os ?? null,
      keys: keys.map(({ activationId, product, licensed }) => ({ activation_id: activationId, product, licensed })),
    })),
    products: rows.map(({ activationId, product, asked, releases, note, plans }) => ({
      activation_id: activationId,
      product,
      asked,
      releases: releases.map(releaseJson),
      note: note ?? null,
      hosts: plans.map(planJson),
    })),
  };
}

function releaseJson({ release, supportEnd }: { readonly release: string; readonly supportEnd: string | undefined }) {
  return { release, support_end: supportEnd ?? null };
}

function planJson(plan: KeyPlan) {
  const { host, coverage, key, holding, also } = plan;
  return {
    host: String(host),
    coverage,
    needs: key === undefined ? null : keyJson(key),
    also: also.map((choice) => keyJson(choice.key)),
    can_hold: key === undefined ? null : holding.answer,
    update: holding.answer === 'yes' ? (holding.update ?? null) : null,
    pack: holding.answer === 'yes' ? (holding.pack ?? null) : null,
    reason: holding.answer === 'no' ? holding.reason : null,
    text: planWords(plan),
  };
}

function keyJson({ activationId, name }: CoveringKey) {
  return { activation_id: activationId, name };
}

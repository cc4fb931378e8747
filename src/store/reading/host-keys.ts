import type { DatabaseSync } from 'node:sqlite';
import { hostNameOfRecord } from '../../kernel/host-name.ts';
import type { Seconds } from '../../kernel/time.ts';
import type { HostKeys, KeysAndProducts } from '../../products/key-table.ts';
import { query, secs, text } from '../database/rows.ts';
import { ProductUse } from '../leases/product-use.ts';
import type { ReadContext } from './read-context.ts';

export function hostKeys(database: DatabaseSync): HostKeys[] {
  const rows = query(
    database,
    'SELECT name, time, os, keys FROM host_keys JOIN hosts ON id = host ORDER BY name',
  ).all();
  return rows.map(([host, time, os, keys]) => ({
    host: hostNameOfRecord(text(host)),
    time: secs(time),
    os: os === null ? undefined : text(os),
    keys: JSON.parse(text(keys)),
  }));
}

/** @param now seconds since the epoch */
export function keysAndProducts({ database, names, catalogue }: ReadContext, now: Seconds): KeysAndProducts {
  const hosts = hostKeys(database);
  const reported = new Set(hosts.map(({ host }) => host));
  const uses = [...new ProductUse(database).asked(now)];
  const asked = new Set(uses.map(({ product }) => product));
  return {
    hosts,
    products: [...asked].map((no) => {
      const activationId = names.products.name(no);
      return { activationId, product: catalogue.nameOf(activationId) };
    }),
    answers: uses
      .map(({ host, product, answers }) => ({
        host: names.hosts.name(host),
        activationId: names.products.name(product),
        ...answers,
      }))
      .filter(({ host }) => !reported.has(host)),
  };
}

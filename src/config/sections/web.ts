import type { z } from 'zod';
import { list, section } from '../expect.ts';
import { parseExternalUrl, parseTelemetryPath } from '../external-url.ts';
import { formatListenAddress, type ListenAddress, parseListenAddress } from '../listen-address.ts';
import { parseAllowedTarget } from '../probe-allow.ts';
import { BESIDE, noRepeatedItems, noRepeats, refuse } from '../rules.ts';
import { filePath, flag, plainText, textCodec } from '../values.ts';

const listenAddress = textCodec('an address and a port', parseListenAddress, formatListenAddress);

const allowedTarget = textCodec('a network, a host or a domain', parseAllowedTarget, (text) => text);

const externalUrl = textCodec('a URL such as https://monitoring.example.com/kms/', parseExternalUrl, (text) => text);

const telemetryPath = textCodec('a path such as /metrics', parseTelemetryPath, (text) => text);

export const WebSection = section({
  listen: list(listenAddress, 'addresses')
    .min(1, { error: 'lists no address: expected ADDRESS:PORT, for example 127.0.0.1:11688' })
    .superRefine(noRepeats('the address', listenUses), BESIDE)
    .default([{ host: '127.0.0.1', port: 11688 }]),
  /** Where others reach the agent; its path is the one below which a proxy has it. Undefined: as `listen` has it. */
  external_url: externalUrl.optional(),
  /** Where the metrics are, below that path. */
  telemetry_path: telemetryPath.default('/metrics'),
  /** TLS and passwords, in the schema of Prometheus' exporter-toolkit. */
  config_file: filePath().optional(),
  /** The targets that `/probe` may look at, besides hosts that are configured or discovered. */
  probe_allow: list(allowedTarget, 'networks, hosts or domains')
    .superRefine(noRepeatedItems('the target'), BESIDE)
    .default([]),
  pages: section({
    enabled: flag().default(true),
    /** Names from `config_file` that may see the pages; empty: all of them. */
    users: list(plainText('a user name', 100), 'user names')
      .superRefine(noRepeatedItems('the user'), BESIDE)
      .default([]),
  }).prefault({}),
})
  .superRefine(usersNeedPasswords, BESIDE)
  .prefault({});

/** Port 0 is a free port each time, so it may be listed more than once. */
function listenUses(addresses: readonly ListenAddress[]) {
  return addresses.map((address, index) => ({
    word: address?.port > 0 ? formatListenAddress(address) : undefined,
    path: [index],
  }));
}

/** Without passwords no user has a name, so no one could see the pages. */
function usersNeedPasswords(web: Readonly<Record<string, unknown>>, context: z.core.$RefinementCtx<unknown>): void {
  const pages: unknown = web['pages'];
  const users: unknown = typeof pages === 'object' && pages !== null && 'users' in pages ? pages.users : undefined;
  if (!Array.isArray(users) || users.length === 0 || web['config_file'] !== undefined) return;
  refuse(context, ['pages', 'users'], 'needs web.config_file with the passwords of these users');
}

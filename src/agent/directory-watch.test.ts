import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort } from '../../test/peers/free-port.ts';
import { temporaryFolder } from '../../test/peers/temporary-folder.ts';
import { startService } from '../../test/support/service.ts';
import { loadConfig } from '../config/load.ts';

// A directory that is away or slow delays nothing: neither the start, nor a scrape, nor the end.
it.each(['is away', 'never answers'])('is ready with a directory that %s, and stops at once', async (what) => {
  const folder = await temporaryFolder();
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = what === 'is away' ? await freePort() : typeof address === 'object' && address?.port;
  const config = loadConfig(
    `{discovery: {domains: forest, servers: [127.0.0.1]}, web: {listen: ["127.0.0.1:0"]},
      inventory: {directory: {url: "ldaps://127.0.0.1:${port}", auth: anonymous, schedule: "*/5 * * * *"}}}`,
    folder.path,
  );
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const running = await startService({ config: config.value, folder: folder.path, tickEvery: 60_000 });
  try {
    await expect.poll(async () => (await fetch(`${running.url}/-/ready`)).status).toBe(200);
    const page = await (await fetch(`${running.url}/metrics`)).text();
    expect(page).toContain('kmswatch_last_poll_timestamp_seconds{loop="discovery"}');
    expect(page).toContain('kmswatch_poll_limit_seconds{loop="directory"} 900');
    expect(page).toContain('kms_inventory_up{source="directory"} 0');
  } finally {
    await running.service.stop();
    await running.store.close();
    server.close();
    await folder.remove();
  }
});

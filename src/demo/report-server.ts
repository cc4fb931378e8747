import { once } from 'node:events';
import { createServer } from 'node:http';
import { portOf } from './windows/listener.ts';

export interface ReportServer {
  /** A command that prints the report of a host, as an administrator's script would over SSH. */
  command(host: string): readonly string[];
  close(): Promise<void>;
}

/** What the command runs: Node is all that is sure to be there. It fails, and says why, when the host is silent. */
const PRINT = [
  'const answer = await fetch(process.argv[1])',
  'const text = await answer.text()',
  'if (!answer.ok) throw new Error(text)',
  'console.log(text)',
].join('; ');

/**
 * Serves the reports of simulated hosts to the commands of the same machine.
 * @param reportOf undefined: the host is down
 */
export async function startReportServer(reportOf: (host: string) => object | undefined): Promise<ReportServer> {
  const server = createServer((request, response) => {
    const report = reportOf(decodeURIComponent((request.url ?? '').slice(1)));
    response.writeHead(report === undefined ? 503 : 200, { 'content-type': 'application/json' });
    response.end(report === undefined ? 'the host does not answer' : JSON.stringify(report));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  return {
    command: (host) => [
      process.execPath,
      '--input-type=module',
      '-e',
      PRINT,
      `http://127.0.0.1:${port}/${encodeURIComponent(host)}`,
    ],
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** `npm run prometheus`: the simulated year in a Prometheus, until Ctrl-C; for `npm run draw -- --prometheus URL`, or for a Grafana. */
import { once } from 'node:events';
import { startYear } from './year.ts';

const history = await startYear();
process.stdout.write(`${history.url}\n`);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
await history.stop();

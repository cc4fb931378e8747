import { parentPort } from 'node:worker_threads';
import type { Message, ThreadStart } from './messages.ts';
import { type ReaderCall, ReaderService } from './reader-service.ts';

/** The one thread that only reads: a long question holds up neither the event loop nor those who send records. */
const port = parentPort;
port?.once('message', (start: ThreadStart) => {
  const service = new ReaderService(start);
  port.on('message', async (call: ReaderCall) => {
    port.postMessage({ answers: [await service.answer(call)] } satisfies Message);
  });
});

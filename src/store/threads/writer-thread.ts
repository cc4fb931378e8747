import { parentPort } from 'node:worker_threads';
import type { Message, ThreadStart } from './messages.ts';
import type { WriterCall } from './writer-calls.ts';
import { WriterService } from './writer-service.ts';

/** The one thread that writes. SQLite is synchronous, so its waits must not be the event loop's. */
const port = parentPort;
port?.once('message', (start: ThreadStart) => {
  const service = new WriterService(start, (message: Message) => port.postMessage(message));
  service.start(start.now);
  port.on('message', (call: WriterCall) => service.take(call));
});

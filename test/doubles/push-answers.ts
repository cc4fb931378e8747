import type { Socket } from 'node:net';

export interface PushedRequest {
  readonly head: string;
  /** Below the words. */
  readonly path: string;
  readonly body: string;
}

const HTML = '<html><body>Please log in</body></html>';
const DRIP_MS = 100;

/** What the double of kmswatch does with one request, by its name. */
const ANSWERS: Readonly<Record<string, (request: PushedRequest, socket: Socket, raw: Socket) => void>> = {
  ok: (request, socket) => socket.end(acknowledged(request)),
  /** The connection stays open after a whole answer. */
  keep: (request, socket) => socket.write(acknowledged(request)),
  /** The end of the connection is the end of the answer. */
  close: (request, socket) => socket.end(acknowledged(request).replace(/^Content-Length: \d+\r\n/im, '')),
  chunks: (request, socket) => socket.write(isReport(request) ? acknowledged(request) : inChunks(numbers(request))),
  chunks_cut: (request, socket) => socket.end(inChunks(numbers(request)).slice(0, -12)),
  early_hints: (request, socket) =>
    socket.end(`HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${acknowledged(request)}`),
  html: (_request, socket) => socket.end(answer(200, HTML, 'Content-Type: text/html\r\n')),
  html400: (_request, socket) => socket.end(answer(400, HTML, 'Content-Type: text/html\r\n')),
  empty: (_request, socket) => socket.end(answer(200, '')),
  no_content: (_request, socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'),
  not_http: (_request, socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  odd_status: (_request, socket) => socket.end('HTTP/1.1 fine\r\n\r\n'),
  odd_numbers: (request, socket) => socket.end(answer(200, numbers(request, { accepted: 'all' }))),
  odd_chunks: (_request, socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nmany\r\n{}\r\n'),
  status_cut: (_request, socket) => socket.end('HTTP/1.1 200'),
  head_cut: (_request, socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n'),
  body_cut: (request, socket) => socket.end(acknowledged(request).slice(0, -10)),
  json_cut: (request, socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${numbers(request).slice(0, -10)}`),
  /** Whole, and of one record nothing is said. */
  one_short: (request, socket) => socket.end(answer(200, numbers(request, { accepted: linesOf(request) - 1 }))),
  huge: (_request, socket) => socket.end(answer(200, ' '.repeat(3_000_000))),
  redirect: (_request, socket) => socket.end(answer(302, '', 'Location: https://login.example/?to=kmswatch\r\n')),
  reset: (_request, _socket, raw) => raw.resetAndDestroy(),
  hang: () => {},
  drip: (_request, socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX-Long: ');
    const timer = setInterval(() => socket.write('x'), DRIP_MS);
    socket.once('close', () => clearInterval(timer));
  },
  second_rejected: (request, socket) => socket.end(rejecting(request, [1], 1)),
  /** More than it names. */
  three_rejected: (request, socket) => socket.end(rejecting(request, [0], 3)),
  /** One that was never sent. */
  another_rejected: (request, socket) => socket.end(rejecting(request, [99], 1)),
  all_rejected: (request, socket) => socket.end(allRejected(request, 'it is no log record')),
  other_host: (request, socket) => socket.end(allRejected(request, 'a host can only send its own records: ...')),
  two_at_most: (request, socket) => socket.end(linesOf(request) > 2 ? answer(413, HTML) : acknowledged(request)),
};

/** Answers as the word says; a number is a status with kmswatch's way to say why. */
export function pushAnswer(word: string, request: PushedRequest, socket: Socket, raw: Socket): void {
  const known = ANSWERS[word];
  if (known !== undefined) known(request, socket, raw);
  else
    socket.end(answer(Number(word), JSON.stringify({ error: `as the test demands: ${word}` }), 'Retry-After: 7\r\n'));
}

function answer(status: number, body: string, more = ''): string {
  return `HTTP/1.1 ${status} Status\r\n${more}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function linesOf({ body }: PushedRequest): number {
  return body.split('\n').filter((line) => line !== '').length;
}

function isReport({ path }: PushedRequest): boolean {
  return path.includes('/reports/');
}

/** A report gets what kmswatch answers to one. */
function acknowledged(request: PushedRequest): string {
  if (isReport(request)) return 'HTTP/1.1 204 No Content\r\n\r\n';
  return answer(200, numbers(request));
}

function numbers(request: PushedRequest, changes: object = {}): string {
  const all = { accepted: linesOf(request), duplicate: 0, ignored: 0, rejected: [], rejected_count: 0, ...changes };
  return JSON.stringify(all);
}

function rejecting(request: PushedRequest, named: readonly number[], count: number): string {
  const rejected = named.map((index) => ({ index, reason: 'it is no log record' }));
  return answer(200, numbers(request, { accepted: linesOf(request) - count, rejected, rejected_count: count }));
}

function allRejected(request: PushedRequest, reason: string): string {
  const count = linesOf(request);
  return answer(400, numbers(request, { accepted: 0, rejected: [{ index: 0, reason }], rejected_count: count }));
}

function inChunks(body: string): string {
  const half = Math.floor(body.length / 2);
  const chunks = [body.slice(0, 1), body.slice(1, half), body.slice(half)];
  const text = chunks.map((chunk) => `${chunk.length.toString(16)};name=value\r\n${chunk}\r\n`).join('');
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${text}0\r\n\r\n`;
}

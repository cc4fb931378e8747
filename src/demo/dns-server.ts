import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Answer, AUTHORITATIVE_ANSWER, encode, type StringAnswer, TRUNCATED_RESPONSE } from 'dns-packet';
import { RCODE, TYPE } from '../discovery/constants.ts';
import { DnsFormatError } from '../discovery/errors.ts';
import { readHeader, readMessage, readQuestion, type WireQuestion } from '../discovery/message.ts';

/** A record of the simulated estate. */
export type DemoRecord =
  | { name: string; type: 'SRV'; target: string; port: number; priority?: number; weight?: number; ttl?: number }
  | { name: string; type: 'A' | 'AAAA'; address: string; ttl?: number }
  | { name: string; type: 'CNAME'; target: string; ttl?: number };

/** A query as it came, and what the server would say to it. */
export interface DnsRequest {
  readonly transport: 'udp' | 'tcp';
  readonly id: number;
  readonly question: WireQuestion;
  readonly edns: boolean;
  /** The regular answer, over TCP without its length. */
  readonly answer: Buffer;
  /** Sends octets as they are. */
  write(bytes: Buffer): void;
  /** Closes the TCP connection. */
  end(): void;
}

export interface DemoDnsOptions {
  /** A loopback address. */
  readonly address?: string;
  /** 0: one that is free. */
  readonly port?: number;
  /** The zones that it has; it refuses all other names. */
  readonly zones: readonly string[];
  readonly records: readonly DemoRecord[];
  /** Sees each request first, and may answer it in its own way. @returns true when it has */
  readonly intercept?: (request: DnsRequest) => boolean;
}

export interface DemoDnsServer {
  readonly address: string;
  /** The same for UDP and TCP. */
  readonly port: number;
  /** What it has from now on. */
  setRecords(records: readonly DemoRecord[]): void;
  close(): Promise<void>;
}

const DEFAULT_TTL = 600;
const MAX_QUERY = 4096;
/** RFC 1035 4.2.1: what a UDP answer may have when the query has no EDNS0. */
const PLAIN_PAYLOAD = 512;

/** Starts a small authoritative name server over UDP and TCP, for loopback. */
export async function startDnsServer(options: DemoDnsOptions): Promise<DemoDnsServer> {
  const { address = '127.0.0.1', port = 0 } = options;
  let records = options.records;
  const handle = (query: Buffer, channel: Channel): void => {
    const request = readRequest(query, channel, { ...options, records });
    if (request === undefined || options.intercept?.(request) === true) return;
    channel.write(channel.transport === 'udp' ? request.answer : frame(request.answer));
  };
  const { udp, tcp } = await bindBoth(address, port);
  udp.on('message', (query, peer) => handle(query, udpChannel(udp, peer)));
  const open = new Set<Socket>();
  tcp.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    onFrame(socket, (query) => handle(query, tcpChannel(socket)));
  });
  return {
    address,
    port: udp.address().port,
    setRecords: (next) => {
      records = next;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      udp.close();
      tcp.close();
      await Promise.all([once(udp, 'close'), once(tcp, 'close')]);
    },
  };
}

type Channel = Pick<DnsRequest, 'transport' | 'write' | 'end'>;
type Data = Pick<DemoDnsOptions, 'zones' | 'records'>;

function udpChannel(socket: UdpSocket, peer: RemoteInfo): Channel {
  // The peer may be gone, and so may this server by the time that a late answer is sent.
  const write = (bytes: Buffer): void => {
    try {
      socket.send(bytes, peer.port, peer.address, () => {});
    } catch {}
  };
  return { transport: 'udp', write, end: () => {} };
}

function tcpChannel(socket: Socket): Channel {
  return { transport: 'tcp', write: (bytes) => void socket.write(bytes), end: () => void socket.end() };
}

function readRequest(query: Buffer, channel: Channel, data: Data): DnsRequest | undefined {
  try {
    const header = readHeader(query);
    if (header.response || header.questions !== 1) return undefined;
    const question = readQuestion(query);
    const opt = readMessage(query, header, question.end).additionals.find(({ type }) => type === TYPE.OPT);
    const limit = Math.max(PLAIN_PAYLOAD, opt?.class ?? 0);
    const answer = answerTo(header.id, query.subarray(12, question.end), question, data);
    const fits = channel.transport === 'tcp' || answer.length <= limit;
    const sent = fits ? answer : cut(answer, question.end);
    return { ...channel, id: header.id, question, edns: opt !== undefined, answer: sent };
  } catch (error) {
    if (error instanceof DnsFormatError) return undefined;
    throw error;
  }
}

/** The header, with TC set and no records, and the question. */
function cut(answer: Buffer, end: number): Buffer {
  const short = Buffer.from(answer.subarray(0, end));
  short.writeUInt16BE(short.readUInt16BE(2) | TRUNCATED_RESPONSE, 2);
  short.fill(0, 6, 12);
  return short;
}

function answerTo(id: number, questionOctets: Buffer, question: WireQuestion, data: Data): Buffer {
  const zone = data.zones.find((name) => question.name === name || question.name.endsWith(`.${name}`));
  if (zone === undefined) return withQuestion(encode({ type: 'response', id }), questionOctets, RCODE.REFUSED);
  const { answers, last } = findAnswers(question, data.records);
  const found = answers.some(({ name }) => name === last) || exists(last, data);
  const targets = new Set(answers.flatMap((answer) => (answer.type === 'SRV' ? [answer.data.target] : [])));
  const packet = encode({
    type: 'response',
    id,
    flags: AUTHORITATIVE_ANSWER,
    answers,
    authorities: answers.length > 0 ? [] : [soa(zone)],
    additionals: data.records.filter((r) => targets.has(r.name) && r.type !== 'CNAME').map(toAnswer),
  });
  return withQuestion(packet, questionOctets, found ? RCODE.NOERROR : RCODE.NXDOMAIN);
}

/** The question is sent back octet by octet, in its own case, as servers do. */
function withQuestion(packet: Buffer, question: Buffer, rcode: number): Buffer {
  const header = Buffer.from(packet.subarray(0, 12));
  header.writeUInt16BE(header.readUInt16BE(2) | rcode, 2);
  header.writeUInt16BE(1, 4);
  return Buffer.concat([header, question, packet.subarray(12)]);
}

function findAnswers(question: WireQuestion, records: readonly DemoRecord[]): { answers: Answer[]; last: string } {
  const answers: Answer[] = [];
  let last = question.name;
  // As many aliases as there are records: a loop of them ends.
  for (let left = records.length; left > 0; left -= 1) {
    const own = records.filter(({ name }) => name.toLowerCase() === last);
    const wanted = own.filter(({ type }) => TYPE[type] === question.type);
    const alias = own.find((record) => record.type === 'CNAME');
    answers.push(...(wanted.length > 0 || alias === undefined ? wanted : [alias]).map(toAnswer));
    if (wanted.length > 0 || alias === undefined) break;
    last = alias.target.toLowerCase();
  }
  return { answers, last };
}

/** RFC 8020: a name exists when it has a record or one below it does. A name outside the zones is not denied. */
function exists(name: string, { zones, records }: Data): boolean {
  const inZone = zones.some((zone) => name.endsWith(`.${zone}`));
  return !inZone || records.some((record) => record.name === name || record.name.endsWith(`.${name}`));
}

function toAnswer(record: DemoRecord): Answer {
  const { name, type, ttl = DEFAULT_TTL } = record;
  switch (type) {
    case 'SRV': {
      const { target, port, priority = 0, weight = 0 } = record;
      return { name, type, ttl, data: { target, port, priority, weight } };
    }
    case 'CNAME':
      return { name, type, ttl, data: record.target };
    default:
      return { name, type, ttl, data: record.address } satisfies StringAnswer;
  }
}

function soa(zone: string): Answer {
  const data = { mname: `ns.${zone}`, rname: `admin.${zone}`, serial: 1, refresh: 900, retry: 600, expire: 86400 };
  return { name: zone, type: 'SOA', ttl: 60, data: { ...data, minimum: 60 } };
}

function frame(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Calls back for each query of a TCP connection (RFC 1035 4.2.2). */
function onFrame(socket: Socket, onQuery: (query: Buffer) => void): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE()) {
      const end = 2 + pending.readUInt16BE();
      onQuery(pending.subarray(2, end));
      pending = pending.subarray(end);
    }
    if (pending.length > MAX_QUERY) socket.destroy();
  });
}

/** TCP first, then the same port of UDP, which another program may have: then once more with another port. */
async function bindBoth(address: string, port: number): Promise<{ udp: UdpSocket; tcp: Server }> {
  for (let left = 10; ; left -= 1) {
    const tcp = createServer();
    tcp.listen(port, address);
    await once(tcp, 'listening');
    const bound = tcp.address();
    const udp = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    try {
      udp.bind(bound !== null && typeof bound === 'object' ? bound.port : port, address);
      await once(udp, 'listening');
      return { udp, tcp };
    } catch (error) {
      udp.close();
      tcp.close();
      if (port !== 0 || left === 0) throw error;
    }
  }
}

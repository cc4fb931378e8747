import { type DemoDnsOptions, type DemoDnsServer, type DnsRequest, startDnsServer } from '../../src/demo/dns-server.ts';
import { RCODE, TYPE } from '../../src/discovery/constants.ts';

const TC = 0x0200;
const HEADER = 12;

/** Each way in which a server, or somebody on the way to it, can spoil an answer. */
const FAULTS = {
  silent: () => {},
  'wrong id': (request) => request.write(withId(request.answer, request.id ^ 1)),
  'wrong id, then right': (request) => {
    request.write(withId(request.answer, request.id ^ 1));
    regular(request);
  },
  'wrong question': (request) => request.write(otherQuestion(request.answer)),
  'a query back': (request) => request.write(withFlags(request.answer, 0x8000, 0)),
  garbage: (request) => request.write(garbage(request)),
  'garbage, then right': (request) => {
    request.write(garbage(request));
    regular(request);
  },
  'cut in a record': (request) => request.write(withFlags(request.answer.subarray(0, -5), 0, TC)),
  truncated: (request) => {
    if (request.transport === 'tcp') regular(request);
    else request.write(bare(request, TC));
  },
  'truncated twice': (request) => request.write(framed(request, bare(request, TC))),
  servfail: (request) => request.write(framed(request, bare(request, RCODE.SERVFAIL))),
  refused: (request) => request.write(framed(request, bare(request, RCODE.REFUSED))),
  'servfail without question': (request) => request.write(withoutQuestion(bare(request, RCODE.SERVFAIL))),
  notauth: (request) => request.write(framed(request, bare(request, 9))),
  'formerr on EDNS': (request) => {
    if (request.edns) request.write(withoutQuestion(bare(request, RCODE.FORMERR)));
    else regular(request);
  },
  'servfail on EDNS': (request) => {
    if (request.edns) request.write(bare(request, RCODE.SERVFAIL));
    else regular(request);
  },
  'notimp on EDNS': (request) => {
    if (request.edns) request.write(bare(request, RCODE.NOTIMP));
    else regular(request);
  },
  'badvers on EDNS': (request) => {
    if (request.edns) request.write(badvers(request));
    else regular(request);
  },
  'silent on EDNS': (request) => {
    if (!request.edns) regular(request);
  },
  referral: (request) => request.write(referral(request)),
  lame: (request) => request.write(bare(request, 0)),
  'closed over TCP': (request) => {
    if (request.transport === 'udp') request.write(bare(request, TC));
    else request.end();
  },
  'silent over TCP': (request) => {
    if (request.transport === 'udp') request.write(bare(request, TC));
  },
  'torn over TCP': (request) => {
    if (request.transport === 'udp') request.write(bare(request, TC));
    else {
      request.write(framed(request, request.answer).subarray(0, 40));
      request.end();
    }
  },
  'too long over TCP': (request) => {
    if (request.transport === 'udp') request.write(bare(request, TC));
    else request.write(Buffer.from([0xff, 0xff, 0, 0]));
  },
  'garbage over TCP': (request) => {
    if (request.transport === 'udp') request.write(bare(request, TC));
    else request.write(framed(request, garbage(request)));
  },
  'one octet at a time': (request) => {
    if (request.transport === 'udp') request.write(bare(request, TC));
    else drip(request);
  },
} satisfies Record<string, (request: DnsRequest) => void>;

export type Fault = keyof typeof FAULTS;

export interface FaultyDns extends DemoDnsServer {
  /** All requests so far. */
  readonly seen: DnsRequest[];
}

/** Starts the demo's name server, which here answers as the script says; undefined: as it should. */
export async function startFaultyDns(
  options: Omit<DemoDnsOptions, 'intercept'>,
  script: (request: DnsRequest) => Fault | undefined = () => undefined,
): Promise<FaultyDns> {
  const seen: DnsRequest[] = [];
  const server = await startDnsServer({
    ...options,
    intercept: (request) => {
      seen.push(request);
      const fault = script(request);
      if (fault !== undefined) FAULTS[fault](request);
      return fault !== undefined;
    },
  });
  return { ...server, seen };
}

/** Octets as the transport carries them. */
export function framed({ transport }: DnsRequest, message: Buffer): Buffer {
  if (transport === 'udp') return message;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

function regular(request: DnsRequest): void {
  request.write(framed(request, request.answer));
}

/** The header with these flags and rcode, and the question; neither authoritative nor recursive. */
function bare({ answer, question }: DnsRequest, flags: number): Buffer {
  const message = Buffer.from(answer.subarray(0, HEADER + question.name.length + 2 + 4));
  message.writeUInt16BE(0x8000 | flags, 2);
  message.fill(0, 6, HEADER);
  return message;
}

function withoutQuestion(message: Buffer): Buffer {
  const header = Buffer.from(message.subarray(0, HEADER));
  header.writeUInt16BE(0, 4);
  return header;
}

/** One record that says to be longer than the message. */
function garbage(request: DnsRequest): Buffer {
  const message = bare(request, 0);
  message.writeUInt16BE(1, 6);
  return Buffer.concat([message, Buffer.from([0xc0, 12, 0, TYPE.SRV, 0, 1, 0, 0, 0, 9, 0xff, 0xff, 0])]);
}

function badvers(request: DnsRequest): Buffer {
  const message = bare(request, RCODE.BADVERS & 0xf);
  message.writeUInt16BE(1, 10);
  return Buffer.concat([message, Buffer.from([0, 0, TYPE.OPT, 0x04, 0xd0, RCODE.BADVERS >> 4, 0, 0, 0, 0, 0])]);
}

function referral(request: DnsRequest): Buffer {
  const message = bare(request, 0);
  message.writeUInt16BE(1, 8);
  return Buffer.concat([message, Buffer.from([0xc0, 12, 0, TYPE.NS, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12])]);
}

function withId(answer: Buffer, id: number): Buffer {
  const message = Buffer.from(answer);
  message.writeUInt16BE(id, 0);
  return message;
}

function withFlags(answer: Buffer, cleared: number, set: number): Buffer {
  const message = Buffer.from(answer);
  message.writeUInt16BE((message.readUInt16BE(2) & ~cleared) | set, 2);
  return message;
}

/** The first letter of the question changed to another. */
function otherQuestion(answer: Buffer): Buffer {
  const message = Buffer.from(answer);
  message[HEADER + 1] = 'x'.charCodeAt(0);
  return message;
}

function drip(request: DnsRequest): void {
  const octets = [...framed(request, request.answer)];
  const next = (): void => {
    const octet = octets.shift();
    if (octet === undefined) return;
    request.write(Buffer.from([octet]));
    setImmediate(next);
  };
  next();
}

import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

const HTTPS = readFileSync(new URL('../../config/windows/https.ps1', import.meta.url), 'utf8');

/** One request, byte for byte as `Send-Request` of config/windows/https.ps1 writes it, without TLS. */
export interface PushRequest {
  readonly url: string;
  readonly path: string;
  readonly type: string;
  readonly token: string;
  readonly body: string;
}

/** The parts of an answer that the script reads, by its own expressions. */
export interface PushAnswer {
  readonly status: number;
  readonly wait: number | undefined;
  readonly reason: string;
  readonly text: string;
}

/** Sends as the script does: one connection for each request, an answer until the connection is closed. */
export async function pushAsTheScript({ url, path, type, token, body }: PushRequest): Promise<PushAnswer> {
  const { host, hostname, port } = new URL(url);
  const values: Readonly<Record<string, string>> = {
    "$($target.AbsolutePath.TrimEnd('/'))": '',
    $Path: path,
    '$($target.Authority)': host,
    $token: token,
    $Type: type,
    '$($octets.Length.ToString($invariant))': String(Buffer.byteLength(body)),
  };
  const head = headOfTheScript().map((line) =>
    Object.entries(values).reduce((text, [name, value]) => text.replaceAll(name, value), line),
  );
  const answer = await exchange(hostname, Number(port), `${head.join('\r\n')}\r\n\r\n${body}`);
  const status = Number(/^HTTP\/1\.[01] ([0-9]{3})/.exec(answer)?.[1]);
  const wait = /^retry-after: *([0-9]{1,5})/im.exec(answer)?.[1];
  return {
    status,
    wait: wait === undefined ? undefined : Number(wait),
    reason: /"(?:reason|error)":"((?:[^"\\]|\\.){0,400})/.exec(answer)?.[1] ?? '',
    text: answer,
  };
}

function headOfTheScript(): string[] {
  const list = /\$head = @\((.*?)\n {8}\) -join/s.exec(HTTPS)?.[1] ?? '';
  return [...list.matchAll(/^\s+(["'])(.*)\1,?$/gm)].flatMap(([, , line]) => line ?? []);
}

async function exchange(host: string, port: number, octets: string): Promise<string> {
  const socket = connect({ host, port });
  socket.setTimeout(10_000, () => socket.destroy(new Error('no answer within 10 s')));
  socket.write(octets);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

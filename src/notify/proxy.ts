import type { buildConnector, Dispatcher, EnvHttpProxyAgent, ProxyAgent } from 'undici';
import type { OpenConnection } from './connection.ts';

/** Connections to a proxy for one delivery: undici would try again without end if the proxy accepts and then closes. */
const MOST_TRIES = 2;

/** It is the proxy that cannot be reached, and not the receiver. */
export class ProxyUnreachable extends Error {
  constructor(cause: unknown) {
    super('the proxy cannot be reached', { cause });
  }
}

export interface DeliveryClient {
  readonly dispatcher: Dispatcher;
  /** Whether a tunnel through a proxy was asked for. */
  asksProxy(): boolean;
}

/** A client for one delivery; without a proxy it connects itself. */
export async function createClient({ proxy, tls }: OpenConnection): Promise<DeliveryClient> {
  const { buildConnector, Client, EnvHttpProxyAgent } = await import('undici');
  const connect = buildConnector(tls.ca === undefined ? {} : { ca: tls.ca });
  let tries = 0;
  const tunnels: buildConnector.connector = (options, callback) => {
    tries += 1;
    if (tries > MOST_TRIES) callback(new ProxyUnreachable({ code: 'ECONNRESET' }), null);
    else {
      connect(options, (error, socket) => {
        if (error === null) callback(null, socket);
        else callback(new ProxyUnreachable(error), null);
      });
    }
  };
  const options: Options = {
    ...(proxy === undefined ? {} : { httpProxy: proxy, httpsProxy: proxy, noProxy: '' }),
    connect: tls,
    requestTls: tls,
    proxyTls: tls.ca === undefined ? {} : { ca: tls.ca },
    // What asks the proxy for tunnels.
    clientFactory: (origin) => new Client(origin, { connect: tunnels }),
  };
  return { dispatcher: new EnvHttpProxyAgent(options), asksProxy: () => tries > 0 };
}

/** It hands on what concerns a proxy to its own ProxyAgent, which its types do not say. */
type Options = EnvHttpProxyAgent.Options & Pick<ProxyAgent.Options, 'requestTls' | 'proxyTls' | 'clientFactory'>;

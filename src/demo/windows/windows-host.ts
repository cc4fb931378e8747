import { once } from 'node:events';
import { systemRandom } from '../../kernel/random.ts';
import type { Authentication } from './authentication.ts';
import { type Behaviour, type Disturb, WINDOWS_BEHAVIOUR } from './behaviour.ts';
import { Enumerations } from './enumerations.ts';
import { EventLog } from './event-log.ts';
import { eventXml } from './event-xml.ts';
import { Exchange } from './exchange.ts';
import type { WindowsReport } from './host-instances.ts';
import { createListener, portOf, type ServerCertificate } from './listener.ts';
import { Subscriptions } from './subscriptions.ts';
import { newUuid } from './uuid.ts';

export interface WindowsHostOptions {
  /** FQDN. */
  readonly name: string;
  /** What its licensing service says; default: it has none. */
  readonly report?: () => WindowsReport | undefined;
  /** Names of its logs; default: those of a KMS host. */
  readonly channels?: readonly string[];
  /** Default: none is asked for. */
  readonly authentication?: Authentication;
  /** PEM; HTTP without. */
  readonly tls?: ServerCertificate;
  /** A loopback address; default 127.0.0.1. */
  readonly address?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Products without a key; default 0. */
  readonly keyless?: number;
  /** Enumerations, and subscriptions, under way at once; default 1500, as Windows. */
  readonly quota?: number;
  /** Milliseconds after which an idle enumeration is forgotten; default 240,000. */
  readonly enumerationTimeout?: number;
  /** Milliseconds since the epoch; default: the system's clock. */
  readonly now?: () => number;
}

/** The Windows side of WinRM, of one host. */
export interface WindowsHost {
  readonly url: string;
  readonly address: string;
  readonly port: number;
  /** May be changed at any time. */
  readonly behaviour: Behaviour;
  /** Asked before each answer; undefined: nothing goes wrong. */
  disturb: Disturb | undefined;
  log(channel: string): EventLog;
  /** How many requests came, by action. */
  readonly requests: ReadonlyMap<string, number>;
  /** Connections that are open. */
  connections(): number;
  /** Enumerations and subscriptions under way. */
  contexts(): { readonly enumerations: number; readonly subscriptions: number };
  /** As when its service was restarted. */
  forgetContexts(): void;
  /** Stops listening and drops all connections. */
  close(): Promise<void>;
}

const KMS_HOST_CHANNELS = ['Application', 'Key Management Service', 'System'] as const;

const LONGEST_ENUMERATION = 240_000;
const WINDOWS_QUOTA = 1_500;

/**
 * Starts a WS-Management service that can be read from and nothing else: no shell, no method, no change. It knows
 * nothing of activation; what it has in its logs was put there.
 * @throws what listening throws, such as EADDRINUSE
 */
export async function startWindowsHost(options: WindowsHostOptions): Promise<WindowsHost> {
  const { name, address = '127.0.0.1', port = 0, quota = WINDOWS_QUOTA, authentication = {}, tls } = options;
  const logs = new Map((options.channels ?? KMS_HOST_CHANNELS).map((channel) => [channel, new EventLog(channel)]));
  const newId = (): string => newUuid(systemRandom);
  const monotonic = (): number => performance.now();
  const timeout = options.enumerationTimeout ?? LONGEST_ENUMERATION;
  const state = {
    behaviour: { ...WINDOWS_BEHAVIOUR },
    enumerations: new Enumerations({ newId, monotonic, timeout, quota }),
    subscriptions: new Subscriptions({
      newId,
      monotonic,
      quota,
      write: (event, isRendered) => eventXml(event, name, isRendered),
    }),
    logs,
    instances: {
      report: options.report ?? (() => undefined),
      logs,
      computer: name,
      now: options.now ?? Date.now,
      keyless: options.keyless ?? 0,
    },
  };
  const exchange = new Exchange({ state, authentication, machine: name, newId });
  const server = createListener(tls, authentication, (request, response) => void exchange.answer(request, response));
  server.listen(port, address);
  await once(server, 'listening');
  const listening = portOf(server.address());
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${address.includes(':') ? `[${address}]` : address}:${listening}/wsman`,
    address,
    port: listening,
    behaviour: state.behaviour,
    get disturb() {
      return exchange.disturb;
    },
    set disturb(disturb) {
      exchange.disturb = disturb;
    },
    log(channel) {
      const log = logs.get(channel);
      if (log === undefined) throw new RangeError(`${name} has no log ${channel}`);
      return log;
    },
    requests: exchange.requests,
    connections: () => exchange.connections,
    contexts: () => ({ enumerations: state.enumerations.size, subscriptions: state.subscriptions.size }),
    forgetContexts() {
      state.enumerations.forgetAll();
      state.subscriptions.forgetAll();
    },
    async close() {
      exchange.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

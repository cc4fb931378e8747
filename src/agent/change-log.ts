import type { SrvLookup } from '../discovery/types.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { Logger } from '../kernel/logger.ts';
import type { HostProbe } from '../probe/types.ts';
import { SLMGR } from '../products/scripts.ts';

const NO_HOST_KEY = `if ${SLMGR} /dlv on the host shows that it is a KMS host, the account that reads the report has no right to see its keys (docs/windows.md)`;

/** Logs what changed, and the rest at `debug`, so that a healthy estate is quiet and a bad night can be read. */
export class ChangeLog {
  readonly #logger: Logger;
  readonly #last = new Map<string, string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  probed({ host, port, outcome, detail, isOwnFault = false }: HostProbe): void {
    const fields = { host, port, outcome, detail };
    if (!this.#changed(`probe ${formatHostPort(host, port)}`, isOwnFault ? 'not tried' : outcome)) {
      this.#logger.debug(fields, 'host probed');
    } else if (outcome === 'ok') {
      this.#logger.info(fields, 'host is up');
    } else if (isOwnFault) {
      this.#logger.error(fields, 'this agent could not probe a host');
    } else {
      this.#logger.warn(fields, 'host is not up');
    }
  }

  lookedUp({ domain, server, result, ignored }: SrvLookup): void {
    const name = { domain, server: server.label };
    const key = `lookup ${domain} ${server.label}`;
    if (!result.ok) {
      const fields = { ...name, ...result.error, ignored };
      if (this.#changed(key, result.error.reason)) this.#logger.warn(fields, 'name server does not answer');
      else this.#logger.debug(fields, 'name server does not answer');
      return;
    }
    const { status, records, flaws } = result.value;
    const published = records.map(({ target, port, priority, weight }) => `${priority} ${weight} ${port} ${target}`);
    const fields = { ...name, status, records: published, flaws: flaws.map((flaw) => flaw.text) };
    if (this.#changed(key, JSON.stringify([status, [...published].sort(), fields.flaws]))) {
      this.#logger.info(fields, 'new answer from a name server');
    } else {
      this.#logger.debug(fields, 'name server answers');
    }
  }

  /** A host has reported this number of KMS host keys. */
  reported(host: string, keys: number): void {
    const isNew = this.#changed(`report ${host}`, keys === 0 ? 'keyless' : 'keys');
    if (keys > 0) this.#logger[isNew ? 'info' : 'debug']({ host }, 'report received');
    else this.#logger[isNew ? 'warn' : 'debug']({ host, detail: NO_HOST_KEY }, 'report names no KMS host key');
  }

  /** @param detail why a host gave no report */
  reportFailed(host: string, detail: string): void {
    const isNew = this.#changed(`report ${host}`, `failed: ${detail}`);
    this.#logger[isNew ? 'warn' : 'debug']({ host, detail }, 'report failed');
  }

  directoryRead(url: string): void {
    if (this.#changed(`directory ${url}`, 'read')) this.#logger.info({ url }, 'the directory can be read');
  }

  /** @param detail why the directory cannot be read */
  directoryFailed(url: string, detail: string): void {
    const isNew = this.#changed(`directory ${url}`, `failed: ${detail}`);
    this.#logger[isNew ? 'warn' : 'debug']({ url, detail }, 'the directory cannot be read');
  }

  #changed(key: string, state: string): boolean {
    const before = this.#last.get(key);
    this.#last.set(key, state);
    return before !== state;
  }
}

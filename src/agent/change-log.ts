import type { SrvLookup } from '../discovery/types.ts';
import { formatHostPort } from '../kernel/address.ts';
import type { Logger } from '../kernel/logger.ts';
import type { HostProbe } from '../probe/types.ts';

const NO_HOST_KEY =
  "it names none: where 'slmgr /dlv' says that the machine is a KMS host, the account that asks is not shown its keys (docs/windows.md)";

/** Logs what changed, and the rest at `debug`, so that a healthy estate is quiet and a bad night can be read. */
export class ChangeLog {
  readonly #logger: Logger;
  readonly #last = new Map<string, string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  probed({ host, port, outcome, detail }: HostProbe): void {
    const fields = { host, port, outcome, detail };
    if (!this.#changed(`probe ${formatHostPort(host, port)}`, outcome)) {
      this.#logger.debug(fields, 'a host was probed');
    } else if (outcome === 'ok') {
      this.#logger.info(fields, 'a host is up');
    } else {
      this.#logger.warn(fields, 'a host is not up');
    }
  }

  lookedUp({ domain, server, result, ignored }: SrvLookup): void {
    const name = { domain, server: server.label };
    const key = `lookup ${domain} ${server.label}`;
    if (!result.ok) {
      const fields = { ...name, ...result.error, ignored };
      if (this.#changed(key, result.error.reason)) this.#logger.warn(fields, 'a name server gives no answer');
      else this.#logger.debug(fields, 'a name server gives no answer');
      return;
    }
    const { status, records, flaws } = result.value;
    const published = records.map(({ target, port, priority, weight }) => `${priority} ${weight} ${port} ${target}`);
    const fields = { ...name, status, records: published, flaws: flaws.map((flaw) => flaw.text) };
    if (this.#changed(key, JSON.stringify([status, [...published].sort(), fields.flaws]))) {
      this.#logger.info(fields, 'a name server answers anew');
    } else {
      this.#logger.debug(fields, 'a name server answers');
    }
  }

  /** A host has reported, with so many KMS host keys. */
  reported(host: string, keys: number): void {
    const isNew = this.#changed(`report ${host}`, keys === 0 ? 'keyless' : 'keys');
    if (keys > 0) this.#logger[isNew ? 'info' : 'debug']({ host }, 'a host reports');
    else
      this.#logger[isNew ? 'warn' : 'debug']({ host, detail: NO_HOST_KEY }, 'a host reports, without any KMS host key');
  }

  /** @param detail why a host gave no report */
  reportFailed(host: string, detail: string): void {
    const isNew = this.#changed(`report ${host}`, `failed: ${detail}`);
    this.#logger[isNew ? 'warn' : 'debug']({ host, detail }, 'a host gives no report');
  }

  #changed(key: string, state: string): boolean {
    const before = this.#last.get(key);
    this.#last.set(key, state);
    return before !== state;
  }
}

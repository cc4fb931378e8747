import { redactOutput, redactSecrets } from '../config/redact.ts';
import type { Config } from '../config/schema.ts';
import type { Clock } from '../kernel/clock.ts';
import type { HostName } from '../kernel/host-name.ts';
import type { Random } from '../kernel/random.ts';
import { err, type Result } from '../kernel/result.ts';
import { createProbeRounds, type ProbeRounds } from '../probe/rounds.ts';
import type { NamedProduct } from '../products/product.ts';
import { askCommand } from '../reports/ask-command.ts';
import { askWinrm } from '../reports/ask-winrm.ts';
import type { HostReport, ReportFailure } from '../reports/types.ts';
import type { ReportRefusal } from '../web/web-backend.ts';
import type { RoundContext, RoundReport } from './loop.ts';
import { namedProducts } from './named-products.ts';
import type { WinrmAccess } from './winrm-access.ts';

/** Hosts that are asked at once. A command is a process, a question over WinRM a socket. */
const COMMANDS = 64;
const QUESTIONS = 128;

export interface ReportPollOptions {
  readonly config: Config;
  readonly winrm: WinrmAccess;
  readonly onReport: (host: HostName, report: HostReport) => Promise<Result<undefined, ReportRefusal>>;
  /** @param text why there is none, free of secrets */
  readonly onFailure: (host: HostName, text: string) => void;
  /** Milliseconds over which the starts of a round are spread, the first round's apart. */
  readonly spread: number;
  readonly clock: Clock;
  /** By which reports are dated that say no time. */
  readonly eventClock: Clock;
  readonly random: Random;
}

interface Asked {
  readonly host: HostName;
  readonly ask: (signal: AbortSignal) => Promise<Result<HostReport, ReportFailure>>;
}

/** Asks hosts about themselves, each within its own deadline. */
export class ReportPoll {
  readonly #options: ReportPollOptions;
  readonly #groups: readonly { readonly hosts: readonly Asked[]; readonly rounds: ProbeRounds<Asked> }[];
  /** Hosts that took all of their time when they were asked last. */
  readonly #slow = new Set<HostName>();

  constructor(options: ReportPollOptions) {
    this.#options = options;
    const configured = namedProducts(options.config);
    const { hosts } = options.config;
    const commands = hosts.flatMap(({ name, report }) =>
      report?.command === undefined ? [] : [this.#byCommand(name, report.command, configured)],
    );
    const questions = hosts.flatMap(({ name, report }) =>
      report?.winrm === undefined ? [] : [this.#byWinrm(name, report.winrm, configured)],
    );
    this.#groups = [
      { hosts: commands, rounds: this.#rounds(COMMANDS) },
      { hosts: questions, rounds: this.#rounds(QUESTIONS) },
    ];
  }

  /** Whether any host is to be asked. */
  get isNeeded(): boolean {
    return this.#groups.some(({ hosts }) => hosts.length > 0);
  }

  async askAll({ first, signal }: RoundContext): Promise<RoundReport> {
    const spread = first ? 0 : this.#options.spread;
    const done = await Promise.all(this.#groups.map(({ hosts, rounds }) => rounds.run(hosts, { spread, signal })));
    const skipped = done.reduce((sum, round) => sum + round.skipped, 0);
    const found = done.reduce((sum, round) => sum + round.found, 0);
    return { ran: found > 0 || skipped === 0, skipped: Math.min(skipped, 1) };
  }

  /** The queues of the probe rounds: hosts that took all of their time have separate slots. */
  #rounds(concurrency: number): ProbeRounds<Asked> {
    return createProbeRounds<Asked, true>({
      concurrency,
      key: ({ host }) => host,
      lastOutcome: ({ host }) => (this.#slow.has(host) ? 'silent' : undefined),
      work: async (asked, signal) => ((await this.#ask(asked, signal)) ? true : undefined),
      onFound: () => {},
      clock: this.#options.clock,
      random: this.#options.random,
    });
  }

  /** @returns false when it was cut short */
  async #ask({ host, ask }: Asked, signal: AbortSignal): Promise<boolean> {
    const { onReport, onFailure, config } = this.#options;
    const report = await ask(signal);
    if (signal.aborted) return false;
    if (!report.ok && report.error.reason === 'timeout') this.#slow.add(host);
    else this.#slow.delete(host);
    if (!report.ok) {
      onFailure(host, await redactSecrets(report.error.text, config));
      return true;
    }
    const accepted = await onReport(host, report.value);
    // A store that fails is reported as such, and is not the host's fault.
    if (!accepted.ok && accepted.error.reason === 'dated_ahead') onFailure(host, accepted.error.text);
    return true;
  }

  #byCommand(host: HostName, argv: readonly string[], configured: ReadonlyMap<string, NamedProduct>): Asked {
    const { config } = this.#options;
    const redact = (text: string): Promise<string> => redactOutput(text, config);
    const { timeout } = config.reports;
    return { host, ask: (signal) => askCommand({ argv, configured, timeout, redact, signal }) };
  }

  #byWinrm(
    host: HostName,
    settings: Parameters<WinrmAccess['client']>[0],
    configured: ReadonlyMap<string, NamedProduct>,
  ): Asked {
    const { winrm, config, eventClock: clock } = this.#options;
    const { timeout } = config.reports;
    return {
      host,
      ask: async (signal) => {
        const client = await winrm.client(settings);
        try {
          if (signal.aborted) return err({ reason: 'aborted', text: 'the agent is stopping' });
          return await askWinrm({ client, configured, timeout, clock, signal });
        } finally {
          await client.close();
        }
      },
    };
  }
}

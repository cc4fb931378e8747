import { stringify } from 'yaml';
import type { Clock } from '../kernel/clock.ts';
import { systemRandom } from '../kernel/random.ts';
import { Secret } from '../kernel/secret.ts';
import { DAY_MS, wholeSeconds } from '../kernel/time.ts';
import { BRANCH_SITE } from './fleet/demo-plan.ts';
import type { Fleet } from './fleet/fleet.ts';
import { OFFICE_SITE, SERVER_SITE } from './fleet/healthy-plan.ts';
import type { LogRecord } from './fleet/log-record.ts';
import { pushReports } from './push-reports.ts';
import { startReportServer } from './report-server.ts';
import { startWindowsHost } from './windows/windows-host.ts';

/** One host for each of the three ways in which a host is asked about itself. */
const BY_WINRM = `kms01.${OFFICE_SITE}`;
const BY_COMMAND = `kms01.${SERVER_SITE}`;
const BY_PUSH = `kms01.${BRANCH_SITE}`;

/** A log keeps that much; what is older was sent before the agent read the log itself. */
const LOG_DAYS = 30;
/** Products without a key, among which the host keys have to be found. */
const KEYLESS = 200;

/** How the agent hears of the hosts of a fleet, besides the logs that are sent to it. */
export interface Readings {
  /** What its configuration says of them, in YAML. */
  readonly config: string;
  /** A line each. */
  readonly stories: readonly string[];
  /** True: the agent reads this record from its host's log, so that nobody has to send it. */
  append(record: LogRecord): boolean;
  /** Lets the host that sends its reports send them, until the signal. @param url of the agent */
  push(url: string, signal: AbortSignal, onRefused: (status: number) => void): Promise<void>;
  close(): Promise<void>;
}

/** @param clock the fleet's */
export async function startReadings(fleet: Fleet, clock: Clock): Promise<Readings> {
  const reportOf = (host: string) => fleet.reportOf(host, wholeSeconds(clock.now()));
  const login = { username: 'monitor', password: randomText() };
  const token = new Secret(randomText());
  const windows = await startWindowsHost({
    name: BY_WINRM,
    report: () => reportOf(BY_WINRM),
    authentication: { basic: login, negotiate: true },
    keyless: KEYLESS,
    now: () => clock.now(),
  });
  const reports = await startReportServer(reportOf);
  const oldest = clock.now() - LOG_DAYS * DAY_MS;
  const winrm = { url: windows.url, auth: 'basic', insecure: true, ...login };
  return {
    config: stringify({
      hosts: [
        { name: BY_WINRM, report: { winrm }, activations: { winrm } },
        { name: BY_COMMAND, report: { command: reports.command(BY_COMMAND) } },
        { name: BY_PUSH, report: { push: { token: token.reveal() } } },
      ],
      // Faster than in earnest, so that a change shows while somebody looks.
      reports: { schedule: '*/10 * * * * *', timeout: '10s' },
    }),
    stories: [
      `${BY_WINRM} is read over WinRM at ${windows.url}: its report, and its log by a subscription`,
      `${BY_COMMAND} is asked by a command`,
      `${BY_PUSH} sends its report`,
    ],
    append({ host, channel, record_id: recordId, time, event_id: eventId, data }) {
      const milliseconds = Date.parse(time);
      if (host !== BY_WINRM || milliseconds < oldest) return false;
      windows.log(channel).append([{ time: milliseconds, eventId, data, recordId }]);
      return true;
    },
    push: (url, signal, onRefused) =>
      pushReports({ url, host: BY_PUSH, token, report: () => reportOf(BY_PUSH), signal, onRefused }),
    async close() {
      await Promise.all([windows.close(), reports.close()]);
    },
  };
}

function randomText(): string {
  return Buffer.from(systemRandom.bytes(16)).toString('hex');
}

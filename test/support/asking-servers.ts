import { requestData } from '../../src/demo/fleet/log-record.ts';
import { DAY_S } from '../../src/kernel/time.ts';
import { SERVER } from './stories.ts';

/** What a client says that was activated a moment ago: just under 180 days. */
const MINUTES_LEFT = 259_000;

/** The clocks differ. */
const WRONG_TIME = 0xc004f06c;

export interface Asking {
  /** Of the agent. */
  readonly url: string;
  readonly token: string;
  /** In whose log the requests are. */
  readonly host: string;
}

interface Request {
  /** Numbers of the servers that ask. */
  readonly servers: readonly number[];
  /** Of the request, whole seconds since the epoch. */
  readonly at: number;
  /** Left of their activation. */
  readonly minutes: number;
  /** What the host answers; default 0. */
  readonly hresult?: number;
}

/** Hands the agent a host's log, in which servers ask that host. */
export class AskingServers {
  readonly #asking: Asking;
  #recordId = 0;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  /** In one delivery. @returns once the agent has stored them. @throws when it did not take every one */
  async ask(...requests: readonly Request[]): Promise<void> {
    const { url, token } = this.#asking;
    const records = requests.flatMap((request) => request.servers.map((server) => this.#record(server, request)));
    const response = await fetch(`${url}/api/v1/events`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}` },
      body: records.join('\n'),
    });
    const text = await response.text();
    const { accepted, rejected } = JSON.parse(text);
    if (accepted !== records.length || rejected.length > 0) throw new Error(`the agent took something else: ${text}`);
  }

  /**
   * Lets the count of servers fall below 5, and two activations run out, both at one moment.
   * @param end that moment, whole seconds since the epoch, less than a minute ahead
   */
  async runOut(end: number): Promise<void> {
    await this.ask(
      // Known for over 30 days, so that the count is known to be all there is.
      { servers: [9], at: end - 41 * DAY_S, minutes: MINUTES_LEFT },
      // Refused: what they have left is all that there is.
      { servers: [1, 2], at: end - 60, minutes: 1, hresult: WRONG_TIME },
      { servers: [3, 4, 6, 7], at: end - DAY_S / 2, minutes: MINUTES_LEFT },
      // The fifth counts for 30 days.
      { servers: [5], at: end - 30 * DAY_S, minutes: MINUTES_LEFT },
    );
  }

  /** Lets one ask that is counted anyway. @param at whole seconds since the epoch */
  async goOn(at: number): Promise<void> {
    await this.ask({ servers: [3], at, minutes: MINUTES_LEFT });
  }

  /** Lets enough of them ask again, and be activated. @param at whole seconds since the epoch */
  async recover(at: number): Promise<void> {
    await this.ask({ servers: [1, 2, 3, 4, 5, 6], at, minutes: MINUTES_LEFT });
  }

  #record(server: number, { at, minutes, hresult = 0 }: Request): string {
    this.#recordId += 1;
    const { nPolicy, activationId } = SERVER;
    const client = {
      machine: `srv-${server}.corp.example`,
      clientId: `8d3ed6a5-7be9-4d13-b7cf-${String(server).padStart(12, '0')}`,
    };
    const state = { hresult, clientTime: at, virtual: true, status: 1, minutes };
    return JSON.stringify({
      host: this.#asking.host,
      channel: 'Key Management Service',
      record_id: this.#recordId,
      time: new Date(at * 1000).toISOString(),
      event_id: 12290,
      data: requestData({ ...state, ...client, nPolicy, activationId }),
    });
  }
}

import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Random } from '../kernel/random.ts';
import type { Store } from '../store/store.ts';
import type { AgentTime } from './agent-time.ts';

/** What an agent works with, all of it from outside. */
export interface AgentDeps {
  /** By which polls run and what they find grows old; it never steps. */
  readonly clock: Clock;
  readonly time: AgentTime;
  /** By which log records, and what follows from them, are judged: in the demo, days may pass in minutes. */
  readonly eventClock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly store: Store;
}

import type { LoopSnapshot } from '../conditions/agent-snapshot.ts';
import { inSeconds } from '../kernel/time.ts';
import { flag, type Metric, type MetricsSnapshot, type Sample } from './metric.ts';

export const AGENT_METRICS: readonly Metric[] = [
  {
    name: 'kmswatch_build_info',
    type: 'gauge',
    help: '1, with the version of kmswatch, the commit that it was built from, the version of Node.js and the system',
    labels: ['version', 'revision', 'nodeversion', 'platform', 'arch'],
    samples: ({ agent: { build } }) => [[[build.version, build.revision, build.node, build.platform, build.arch], 1]],
  },
  {
    name: 'kmswatch_external_url_info',
    type: 'gauge',
    help: '1, with the address by which others reach the agent, if web.external_url is set',
    labels: ['url'],
    samples: ({ agent }) => (agent.externalUrl === undefined ? [] : [[[agent.externalUrl], 1]]),
  },
  {
    name: 'kmswatch_config_last_reload_successful',
    type: 'gauge',
    help: '1 if the last attempt to load the configuration succeeded',
    labels: [],
    samples: ({ agent }) => [[[], flag(agent.reload.successful)]],
  },
  {
    name: 'kmswatch_config_last_reload_success_timestamp_seconds',
    type: 'gauge',
    help: 'When the configuration was last loaded successfully',
    labels: [],
    samples: ({ agent }) => [[[], inSeconds(agent.reload.lastSuccess)]],
  },
  {
    name: 'kmswatch_poll_duration_seconds',
    type: 'gauge',
    help: 'Duration of the last round of the loop',
    labels: ['loop'],
    samples: (snapshot) => perLoop(snapshot, ({ duration }) => duration),
  },
  {
    name: 'kmswatch_last_poll_timestamp_seconds',
    type: 'gauge',
    help: 'When the last round of the loop ended',
    labels: ['loop'],
    samples: (snapshot) => perLoop(snapshot, ({ lastEnd }) => (lastEnd === undefined ? undefined : inSeconds(lastEnd))),
  },
  {
    name: 'kmswatch_poll_limit_seconds',
    type: 'gauge',
    help: 'Three times the schedule of the loop: older values are withdrawn',
    labels: ['loop'],
    samples: (snapshot) => perLoop(snapshot, ({ limit }) => limit),
  },
  {
    name: 'kmswatch_polls_skipped_total',
    type: 'counter',
    help: 'Rounds that were skipped because the previous one was still running',
    labels: ['loop'],
    samples: (snapshot) => perLoop(snapshot, ({ skipped }) => skipped),
  },
  {
    name: 'kmswatch_clock_steps_total',
    type: 'counter',
    help: 'Steps of the system clock by more than a minute against the monotonic clock',
    labels: [],
    samples: ({ agent }) => [[[], agent.clock.steps]],
  },
  {
    name: 'kmswatch_clock_behind_seconds',
    type: 'gauge',
    help: 'How far the system clock is behind the newest record of a host that is read now, else 0',
    labels: [],
    samples: ({ agent }) => [[[], agent.clock.behind]],
  },
  {
    name: 'kmswatch_store_up',
    type: 'gauge',
    help: '1 if the last use of the database succeeded',
    labels: [],
    samples: ({ agent }) => (agent.store === undefined ? [] : [[[], flag(agent.store.up)]]),
  },
  {
    name: 'kmswatch_store_size_bytes',
    type: 'gauge',
    help: 'Size of the database including its write-ahead log',
    labels: [],
    samples: ({ agent }) => (agent.store?.bytes === undefined ? [] : [[[], agent.store.bytes]]),
  },
  {
    name: 'kmswatch_notifications_total',
    type: 'counter',
    help: 'Messages that the receiver confirmed, attempts that failed, and alerts dropped because its queue was full',
    labels: ['receiver', 'result'],
    samples: ({ agent }) =>
      agent.receivers.flatMap(({ receiver, delivered, failed, dropped }): Sample[] => [
        [[receiver, 'delivered'], delivered],
        [[receiver, 'failed'], failed],
        [[receiver, 'dropped'], dropped],
      ]),
  },
];

function* perLoop({ agent }: MetricsSnapshot, value: (loop: LoopSnapshot) => number | undefined): Generator<Sample> {
  for (const loop of agent.loops) {
    const number = value(loop);
    if (number !== undefined) yield [[loop.name], number];
  }
}

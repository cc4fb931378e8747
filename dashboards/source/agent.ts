import type { Frame } from './frame.ts';
import { GREEN, lines, NEUTRAL, number, RED, rows, SITE_COLUMN, YELLOW } from './panels.ts';
import { asDate, of, once, variable } from './promql.ts';

/** Whether the watcher itself is well. */
export const AGENT: Frame = {
  name: 'agent',
  title: 'Agent',
  description: 'Is kmswatch itself well: its polls, its database, what it takes in, what it sends, what it needs.',
  from: 'now-24h',
  variables: [],
  rows: [
    {
      title: 'Now',
      panels: [
        number(
          {
            title: 'Agents that answer',
            description: 'Targets of the chosen jobs that Prometheus can scrape.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`count(${of('kmswatch_build_info')}) or vector(0)`, ''],
          [
            [null, RED],
            [1, GREEN],
          ],
        ),
        number(
          {
            title: 'Polls that stall',
            description: 'Loops whose last round is longer ago than three times their schedule.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [
            `count(time() - ${of('kmswatch_last_poll_timestamp_seconds')} > on (job, site, instance, loop) ${of('kmswatch_poll_limit_seconds')}) or vector(0)`,
            '',
          ],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Database',
            description:
              'Whether the last use of the database went well. Senders of records get 503 while it does not.',
            unit: 'bool_yes_no',
            width: 4,
            height: 4,
          },
          [`min(${of('kmswatch_store_up')})`, ''],
          [
            [null, RED],
            [1, GREEN],
          ],
        ),
        number(
          {
            title: 'Configuration taken',
            description:
              'Whether the last reading of the configuration had no mistake. With one, the old configuration runs on.',
            unit: 'bool_yes_no',
            width: 4,
            height: 4,
          },
          [`min(${of('kmswatch_config_last_reload_successful')})`, ''],
          [
            [null, RED],
            [1, GREEN],
          ],
        ),
        number(
          {
            title: 'Unknown products',
            description: 'Activation ids that no table names: name them under products in the configuration.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_unknown_products')})`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Leases without a series',
            description: 'Leases beyond leases.series_limit. They count in every number, but have no line in graphs.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_lease_series_dropped')})`, ''],
          [[null, NEUTRAL]],
        ),
      ],
    },
    {
      title: 'Polls',
      panels: [
        lines(
          {
            title: 'Duration of a round',
            description:
              'Of each loop, the longest of the chosen agents. A round that is still running when the next is due makes that one be left out.',
            unit: 's',
            width: 8,
            height: 8,
          },
          [[`max by (job, site, loop) (${of('kmswatch_poll_duration_seconds')})`, '{{loop}} {{site}}']],
          { min: 0 },
        ),
        lines(
          {
            title: 'Rounds left out',
            description: 'Because the one before was still running.',
            unit: 'short',
            width: 8,
            height: 8,
          },
          [[`sum by (loop) (increase(${of('kmswatch_polls_skipped_total')}[$__rate_interval]))`, '{{loop}}']],
          { bars: true, min: 0 },
        ),
        rows(
          {
            title: 'Versions',
            description: 'Of each agent, and when it last read its configuration.',
            unit: 'short',
            width: 8,
            height: 8,
          },
          [
            `max by (job, site, instance, version, nodeversion) (${of('kmswatch_build_info')})`,
            asDate(`max by (job, site, instance) (${of('kmswatch_config_last_reload_success_timestamp_seconds')})`),
          ],
          [
            SITE_COLUMN,
            {
              field: 'instance',
              title: 'Agent',
              link: { title: 'Its pages', url: `http://${variable('__value.raw')}/` },
            },
            { field: 'version', title: 'Version', width: 70 },
            { field: 'nodeversion', title: 'Node', width: 75 },
            { field: 'Value #B', title: 'Configuration of', unit: 'dateTimeFromNow', width: 125 },
          ],
        ),
      ],
    },
    {
      title: 'Records and notifications',
      panels: [
        lines(
          {
            title: 'Records taken in',
            description:
              'Records of logs by what came of them. Duplicates cost nothing; rejected ones could not be read.',
            unit: 'short',
            width: 6,
            height: 8,
          },
          [
            [
              `sum by (source, result) (increase(${of('kms_ingest_events_total')}[$__rate_interval]))`,
              '{{source}} {{result}}',
            ],
          ],
          { bars: true, stacked: true, min: 0 },
        ),
        lines(
          {
            title: 'Notifications',
            description: 'Messages that each receiver confirmed, and attempts that failed.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              `sum by (receiver, result) (increase(${of('kmswatch_notifications_total')}[$__rate_interval]))`,
              '{{receiver}} {{result}}',
            ],
          ],
          { bars: true, stacked: true, min: 0, aside: true },
        ),
        lines(
          {
            title: 'Leases forgotten, requests reclassified',
            description:
              'Leases deleted because their last request was longer ago than leases.forget_after; and requests of Windows clients for a product that a table calls Server or Office.',
            unit: 'short',
            width: 6,
            height: 8,
          },
          [
            [
              `sum by (job, site, instance) (increase(${of('kms_leases_forgotten_total')}[$__rate_interval]))`,
              'forgotten, {{instance}} {{site}}',
            ],
            [
              `sum by (job, site, instance) (increase(${of('kms_requests_reclassified_total')}[$__rate_interval]))`,
              'reclassified, {{instance}} {{site}}',
            ],
          ],
          { bars: true, min: 0 },
        ),
      ],
    },
    {
      title: 'What it needs',
      panels: [
        lines(
          {
            title: 'Memory',
            description: 'Resident memory of the process.',
            unit: 'bytes',
            width: 6,
            height: 7,
          },
          [[`max by (job, site, instance) (${of('process_resident_memory_bytes')})`, '{{instance}} {{site}}']],
          { min: 0 },
        ),
        lines(
          {
            title: 'Processor',
            description: 'Processor time a second, all threads.',
            unit: 'percentunit',
            width: 6,
            height: 7,
          },
          [
            [
              `sum by (job, site, instance) (rate(${of('process_cpu_seconds_total')}[$__rate_interval]))`,
              '{{instance}} {{site}}',
            ],
          ],
          { min: 0 },
        ),
        lines(
          {
            title: 'Event loop',
            description: 'Delay of the event loop: 99th percentile.',
            unit: 's',
            width: 6,
            height: 7,
          },
          [[`max by (job, site, instance) (${of('nodejs_eventloop_lag_p99_seconds')})`, '{{instance}} {{site}}']],
          { min: 0 },
        ),
        lines(
          {
            title: 'Database',
            description: 'Size of the database with its write-ahead log.',
            unit: 'bytes',
            width: 6,
            height: 7,
          },
          [[`max by (job, site, instance) (${of('kmswatch_store_size_bytes')})`, '{{instance}} {{site}}']],
          { min: 0 },
        ),
      ],
    },
  ],
};

import { PROBE_OUTCOMES } from '../../src/probe/types.ts';
import { LICENSE_STATUSES } from '../../src/products/license-status.ts';
import type { Frame } from './frame.ts';
import { labelValues } from './frame.ts';
import {
  type Colors,
  GREEN,
  HOST_TEXTS,
  lines,
  NEUTRAL,
  ORANGE,
  PURPLE,
  RED,
  RESULTS,
  rows,
  SITE_COLUMN,
  states,
  YELLOW,
} from './panels.ts';
import { asDate, CLASS, HOST, hostState, mean, of, once, shareOf } from './promql.ts';

/** As `docs/troubleshooting.md` sorts them: KMS answers, something else does, nothing does. */
const OUTCOMES = PROBE_OUTCOMES.map((outcome): readonly [string, string, string] => [
  outcome,
  outcome,
  outcome === 'ok' ? GREEN : ['busy', 'denied'].includes(outcome) ? YELLOW : RED,
]);

/** Of a licence, from in order to lapsed. */
const LICENCES: Colors = [
  ['^licensed$', GREEN],
  ['^(oob|extended)_grace$', YELLOW],
  ['^oot_grace$', ORANGE],
  ['^notification$', RED],
  ['^non_genuine_grace$', 'dark-red'],
  ['^unlicensed$', PURPLE],
];

/** One host: does it answer, how many clients has it counted, what does it report about itself? */
export const HOSTS: Frame = {
  name: 'host',
  title: 'Host',
  description:
    'One KMS host, or several: does it answer, how many clients has it counted, and what does it say of itself?',
  from: 'now-7d',
  variables: [labelValues('host', of('kms_host_expected')), labelValues('class', of('kms_activation_threshold'))],
  rows: [
    {
      title: 'Does it answer',
      panels: [
        states(
          {
            title: 'Up',
            description:
              'Whether the KMS interface accepted a bind on at least one address. "unexpected": it did, and the host is published and none of the expected ones; "IMPOSTOR": it accepts a bind to any interface.',
            unit: 'short',
            width: 12,
            height: 9,
          },
          [hostState(HOST), '{{host}}:{{port}} {{site}}'],
          HOST_TEXTS,
        ),
        lines(
          {
            title: 'Time to an answer',
            description:
              'Of the last probe at the best address: connecting and the bind. Looking the name up is left out, as it is not the host that takes that time. Dashed: the mean of all probes between two points, with that.',
            unit: 's',
            width: 12,
            height: 9,
          },
          [
            [
              `max by (job, site, host) (sum by (job, site, instance, host) (${of('kms_host_probe_duration_seconds', HOST, 'phase=~"connect|bind"')}))`,
              '{{host}} {{site}}',
            ],
            [mean('host', 'kms_host_probes_duration_seconds', HOST), 'mean, {{host}} {{site}}'],
          ],
          { limits: '^mean', min: 0, aside: true },
        ),
        rows(
          {
            title: 'Probes',
            description:
              'What the last probe found (anything but ok has its own remedy in docs/troubleshooting.md), at how many addresses, and at how many it failed; whether DNS publishes the host, whether it is expected, and whether it refuses a bind to an interface that does not exist, as Windows does and emulators do not.',
            unit: 'short',
            width: 16,
            height: 10,
          },
          [
            `max by (job, site, host, outcome) (${of('kms_host_probe_outcome', HOST)}) == 1`,
            asDate(`max by (job, site, host) (${of('kms_host_last_probe_timestamp_seconds', HOST)})`),
            `max by (job, site, host) (${of('kms_host_addresses', HOST)})`,
            `max by (job, site, host) (${of('kms_host_addresses_failing', HOST)})`,
            `max by (job, site, host) (${of('kms_host_published', HOST)})`,
            `max by (job, site, host) (${of('kms_host_expected', HOST)})`,
            `min by (job, site, host) (${of('kms_host_genuine', HOST)})`,
          ],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host' },
            { field: 'outcome', title: 'Outcome', width: 110, texts: OUTCOMES },
            { field: 'Value #B', title: 'Probed', unit: 'dateTimeFromNow', width: 150 },
            { field: 'Value #C', title: 'Addresses', width: 90 },
            {
              field: 'Value #D',
              title: 'Failing',
              width: 80,
              steps: [
                [null, NEUTRAL],
                [1, RED],
              ],
            },
            {
              field: 'Value #E',
              title: 'Published',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'no', YELLOW],
              ],
            },
            {
              field: 'Value #F',
              title: 'Expected',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'no', YELLOW],
              ],
            },
            {
              field: 'Value #G',
              title: 'Genuine',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'NO', RED],
              ],
            },
          ],
          { by: 'Host' },
        ),
        lines(
          {
            title: 'Failed probes',
            description: 'The share of the probes that did not find the host up, by what they found.',
            unit: 'percentunit',
            width: 8,
            height: 10,
          },
          [
            [
              shareOf('host', 'outcome', 'kms_host_probe_failures_total', 'kms_host_probes_total', HOST),
              '{{host}} {{outcome}} {{site}}',
            ],
          ],
          { min: 0, max: 1 },
        ),
      ],
    },
    {
      title: 'Whom has it counted',
      panels: [
        lines(
          {
            title: 'Clients',
            description:
              'Distinct clients of the last 30 days from its log, without the cap; and what the host itself says, which ends at twice the threshold. Dashed: what a key needs. Beyond 10 each line of the scale is ten times the one before.',
            unit: 'short',
            width: 12,
            height: 12,
          },
          [
            [
              `max by (job, site, host, pool) (${of('kms_host_active_clients', HOST)})`,
              '{{host}} {{pool}}, log {{site}}',
            ],
            [
              `max by (job, site, host, pool) (${of('kms_host_clients', HOST)})`,
              '{{host}} {{pool}}, its word {{site}}',
            ],
            [`max by (job, site, pool) (${of('kms_host_required_clients', HOST)})`, 'needed, {{pool}} {{site}}'],
          ],
          { limits: '^needed', magnitudes: true, aside: true, min: 0 },
        ),
        lines(
          {
            title: 'Best known count against the threshold',
            description:
              'The larger of the two numbers on the left, where it is known. Dashed: the threshold of each class, below which the host activates none of it. Beyond 10 each line of the scale is ten times the one before.',
            unit: 'short',
            width: 12,
            height: 12,
          },
          [
            [
              `min by (job, site, host, class) (${of('kms_host_threshold_margin', HOST, CLASS)}) + on (job, site, class) group_left () max by (job, site, class) (${of('kms_activation_threshold', CLASS)})`,
              '{{host}} {{class}} {{site}}',
            ],
            [`max by (job, site, class) (${of('kms_activation_threshold', CLASS)})`, 'threshold, {{class}} {{site}}'],
          ],
          { limits: '^threshold', magnitudes: true, aside: true, min: 0 },
        ),
      ],
    },
    {
      title: 'What it is asked',
      panels: [
        lines(
          {
            title: 'Requests in the hour before',
            description: 'Activation requests of the chosen hosts by event time, by what they answered.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [[`sum by (result) (${once('kms_requests_last_hour', HOST, CLASS)})`, '{{result}}']],
          { stacked: true, min: 0, colors: RESULTS },
        ),
        lines(
          {
            title: 'Requests as it counts them',
            description: "By the host's own counters: all requests of the hour before, and those that it refused.",
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              `sum by (job, site, host) (max without (instance) (increase(${of('kms_host_requests_total', HOST)}[1h])))`,
              '{{host}} {{site}}',
            ],
            [
              `sum by (job, site, host) (max without (instance) (increase(${of('kms_host_failed_requests_total', HOST)}[1h]))) > 0`,
              '{{host}}, failed {{site}}',
            ],
          ],
          { aside: true, min: 0 },
        ),
        lines(
          {
            title: 'State of those who ask',
            description:
              "By the host's own counters: the licence status in which clients were when they asked, in the hour before. Healthy ones are licensed and renew.",
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              `sum by (license_status) (max without (instance) (increase(${of('kms_host_requests_by_license_status_total', HOST)}[1h])))`,
              '{{license_status}}',
            ],
          ],
          { stacked: true, min: 0, colors: LICENCES },
        ),
        lines(
          {
            title: 'Clients in trouble',
            description:
              'Leases whose clients ask again and again, those that have done so for over a day, and machines whose clock is more than 4 hours off.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              `sum by (job, site, host) (${once('kms_clients_retrying', HOST, CLASS)}) > 0`,
              '{{host}} retrying {{site}}',
            ],
            [
              `sum by (job, site, host) (${once('kms_clients_retrying_long', HOST, CLASS)}) > 0`,
              '{{host}} for over a day {{site}}',
            ],
            [`sum by (job, site, host) (${once('kms_clients_skewed', HOST)}) > 0`, '{{host}} clock off {{site}}'],
          ],
          { aside: true, min: 0 },
        ),
        rows(
          {
            title: 'Last heard',
            description:
              'When its log last had a record, and when each pool last asked. Silence beyond the limit, on a host that is up and whose log is read, means that clients go elsewhere or nowhere.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            asDate(`max by (job, site, host, pool) (${of('kms_host_last_request_timestamp_seconds', HOST)})`),
            `max by (job, site, host, pool) (${of('kms_host_idle_limit_seconds', HOST)})`,
          ],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host' },
            { field: 'pool', title: 'Pool', width: 90 },
            { field: 'Value #A', title: 'Last request', unit: 'dateTimeFromNow' },
            { field: 'Value #B', title: 'Idle after', unit: 's' },
          ],
        ),
        rows(
          {
            title: 'Products refused',
            description: 'Products of which every request of a day failed: the host key does not cover them.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [`max by (job, site, host, product) (${of('kms_products_refused', HOST)}) == 1`],
          [SITE_COLUMN, { field: 'host', title: 'Host' }, { field: 'product', title: 'Product' }],
        ),
      ],
    },
    {
      title: 'What it says of itself',
      panels: [
        rows(
          {
            title: 'Settings',
            description:
              'As the host reports them. A priority that is low, or publishing that is off, may be wanted; it must be known.',
            unit: 'short',
            width: 24,
            height: 8,
          },
          [
            `max by (job, site, host, version, os) (${of('kms_host_info', HOST)})`,
            `max by (job, site, host) (${of('kms_host_listening_port', HOST)})`,
            `max by (job, site, host) (${of('kms_host_dns_publishing', HOST)})`,
            `max by (job, site, host) (${of('kms_host_low_priority', HOST)})`,
            `max by (job, site, host) (${of('kms_host_activation_interval_seconds', HOST)})`,
            `max by (job, site, host) (${of('kms_host_renewal_interval_seconds', HOST)})`,
          ],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host' },
            { field: 'os', title: 'Windows' },
            { field: 'version', title: 'Service' },
            { field: 'Value #B', title: 'Port', unit: 'none', width: 70 },
            {
              field: 'Value #C',
              title: 'Publishes',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'no', YELLOW],
              ],
            },
            {
              field: 'Value #D',
              title: 'Low priority',
              width: 100,
              texts: [
                [1, 'yes', YELLOW],
                [0, 'no', GREEN],
              ],
            },
            { field: 'Value #E', title: 'Retry', unit: 's', width: 80 },
            { field: 'Value #F', title: 'Renewal', unit: 's', width: 80 },
          ],
        ),
        rows(
          {
            title: 'Reports and logs',
            description:
              'Whether it reports, whether its log is read, and since when; and gaps that its log had when it was read.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            `max by (job, site, host) (${of('kms_host_report_up', HOST)})`,
            asDate(`max by (job, site, host) (${of('kms_host_last_report_timestamp_seconds', HOST)})`),
            `max by (job, site, host) (${of('kms_host_activations_up', HOST)})`,
            asDate(`max by (job, site, host) (${of('kms_host_last_event_timestamp_seconds', HOST)})`),
            `max by (job, site, host) (${of('kms_event_log_gaps_total', HOST)})`,
          ],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host' },
            {
              field: 'Value #A',
              title: 'Reports',
              width: 80,
              texts: [
                [1, 'yes', GREEN],
                [0, 'NO', RED],
              ],
            },
            { field: 'Value #B', title: 'Last report', unit: 'dateTimeFromNow' },
            {
              field: 'Value #C',
              title: 'Log read',
              width: 80,
              texts: [
                [1, 'yes', GREEN],
                [0, 'NO', RED],
              ],
            },
            { field: 'Value #D', title: 'Newest record', unit: 'dateTimeFromNow' },
            { field: 'Value #E', title: 'Gaps', width: 60 },
          ],
        ),
        rows(
          {
            title: 'Licence of its keys',
            description: 'A host key that is not licensed activates nobody.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [`max by (job, site, host, product, status) (${of('kms_host_license_status', HOST)}) == 1`],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host', width: 200 },
            { field: 'product', title: 'Key' },
            {
              field: 'status',
              title: 'Status',
              width: 100,
              texts: LICENSE_STATUSES.map((status): readonly [string, string, string] => [
                status,
                status,
                status === 'licensed' ? GREEN : RED,
              ]),
            },
          ],
        ),
        rows(
          {
            title: 'Its keys',
            description: 'KMS host keys that its newest report names, with the last five characters of each.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [`max by (job, site, host, pool, product, partial_key) (${of('kms_host_key_info', HOST)})`],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host', width: 200 },
            { field: 'pool', title: 'Pool', width: 90 },
            { field: 'product', title: 'Key' },
            { field: 'partial_key', title: 'Ends in', width: 80 },
          ],
          { by: 'Host' },
        ),
        rows(
          {
            title: 'Products covered',
            description:
              'Products that clients asked for in the last 30 days, and whether a key of the host covers them. Of products that are not covered it activates none.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [`max by (job, site, host, product) (${of('kms_product_covered', HOST)})`],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host', width: 200 },
            { field: 'product', title: 'Product' },
            {
              field: 'Value',
              title: 'Covered',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'NO', RED],
              ],
            },
          ],
          { by: 'Covered' },
        ),
        rows(
          {
            title: 'DNS publishing',
            description: 'When it last managed and last failed to publish its SRV record (12294, 12293).',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [asDate(`max by (job, site, host, domain, result) (${of('kms_host_dns_publish_timestamp_seconds', HOST)})`)],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host' },
            { field: 'domain', title: 'Domain' },
            {
              field: 'result',
              title: 'Result',
              width: 90,
              texts: [
                ['success', 'success', GREEN],
                ['failure', 'FAILURE', YELLOW],
              ],
            },
            { field: 'Value', title: 'When', unit: 'dateTimeFromNow' },
          ],
        ),
        rows(
          {
            title: 'Failures of its service',
            description:
              'When the licensing service last failed to start as a KMS host (12291) or to start its timer (12292).',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [asDate(`max by (job, site, host, kind) (${of('kms_host_service_failure_timestamp_seconds', HOST)})`)],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host' },
            { field: 'kind', title: 'Kind', width: 90 },
            { field: 'Value', title: 'When', unit: 'dateTimeFromNow' },
          ],
        ),
      ],
    },
  ],
};

import type { Frame } from './frame.ts';
import { labelValues } from './frame.ts';
import { GREEN, lines, NEUTRAL, RED, rows, states, YELLOW } from './panels.ts';
import { asDate, CLASS, HOST, of } from './promql.ts';

/** What one host does: does it answer, how many clients has it counted, what does it say of itself. */
export const HOSTS: Frame = {
  name: 'host',
  title: 'Host',
  description:
    'One KMS host, or several: does it answer, how many clients has it counted, and what does it say of itself?',
  from: 'now-7d',
  variables: [
    labelValues('host', 'kms_host_expected{job=~"$job", instance=~"$instance"}'),
    labelValues('class', 'kms_activation_threshold{job=~"$job", instance=~"$instance"}'),
  ],
  rows: [
    {
      title: 'Does it answer',
      panels: [
        states(
          {
            title: 'Up',
            description: 'Whether the KMS interface accepted a bind on at least one address.',
            unit: 'short',
            width: 12,
            height: 6,
          },
          [`max by (host, port) (${of('kms_host_up', HOST)})`, '{{host}}:{{port}}'],
          [
            [1, 'up', GREEN],
            [0, 'DOWN', RED],
          ],
        ),
        lines(
          {
            title: 'Time to an answer',
            description: 'Each phase of the last probe at the best address: resolving the name, connecting, the bind.',
            unit: 's',
            width: 6,
            height: 6,
          },
          [[`max by (host, phase) (${of('kms_host_probe_duration_seconds', HOST)})`, '{{host}} {{phase}}']],
          { stacked: true, min: 0 },
        ),
        rows(
          {
            title: 'What the last probe found',
            description: 'Anything but ok has its own remedy in docs/troubleshooting.md.',
            unit: 'short',
            width: 6,
            height: 6,
          },
          [
            `max by (host, port, outcome) (${of('kms_host_probe_outcome', HOST)}) == 1`,
            asDate(`max by (host, port) (${of('kms_host_last_probe_timestamp_seconds', HOST)})`),
          ],
          [
            { field: 'host', title: 'Host' },
            { field: 'outcome', title: 'Outcome', width: 100 },
            { field: 'Value #B', title: 'Probed', unit: 'dateTimeFromNow', width: 120 },
          ],
        ),
        lines(
          {
            title: 'Failed probes',
            description:
              'Probes that did not find the host up, by what they found; and for comparison how many there were.',
            unit: 'short',
            width: 8,
            height: 6,
          },
          [
            [
              `sum by (host, outcome) (increase(${of('kms_host_probe_failures_total', HOST)}[$__rate_interval])) > 0`,
              '{{host}} {{outcome}}',
            ],
            [`sum by (host) (increase(${of('kms_host_probes_total', HOST)}[$__rate_interval]))`, '{{host}} all probes'],
          ],
          { bars: true, min: 0 },
        ),
        lines(
          {
            title: 'Addresses',
            description:
              'Addresses that the name resolves to and that this agent can reach, and those that do not answer.',
            unit: 'short',
            width: 8,
            height: 6,
          },
          [
            [`max by (host) (${of('kms_host_addresses', HOST)})`, '{{host}}'],
            [`max by (host) (${of('kms_host_addresses_failing', HOST)})`, 'failing {{host}}'],
          ],
          { limits: '^failing', min: 0 },
        ),
        rows(
          {
            title: 'What is known of it',
            description:
              'Whether DNS publishes it, whether it is expected, and whether it refuses a bind to an interface that does not exist, as Windows does and emulators do not.',
            unit: 'short',
            width: 8,
            height: 6,
          },
          [
            `max by (host) (${of('kms_host_published', HOST)})`,
            `max by (host) (${of('kms_host_expected', HOST)})`,
            `min by (host) (${of('kms_host_genuine', HOST)})`,
          ],
          [
            { field: 'host', title: 'Host' },
            {
              field: 'Value #A',
              title: 'Published',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'no', YELLOW],
              ],
            },
            {
              field: 'Value #B',
              title: 'Expected',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'no', NEUTRAL],
              ],
            },
            {
              field: 'Value #C',
              title: 'Genuine',
              width: 90,
              texts: [
                [1, 'yes', GREEN],
                [0, 'NO', RED],
              ],
            },
          ],
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
              'Distinct clients of the last 30 days from its log, without the cap; and what the host itself says, which ends at twice the threshold. Dashed: what a key needs.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [`max by (host, pool) (${of('kms_host_active_clients', HOST)})`, '{{host}} {{pool}} counted from its log'],
            [`max by (host, pool) (${of('kms_host_clients', HOST)})`, '{{host}} {{pool}} as it says'],
            [`max by (host, pool) (${of('kms_host_required_clients', HOST)})`, 'needed {{host}} {{pool}}'],
          ],
          { limits: '^needed', min: 0 },
        ),
        lines(
          {
            title: 'Best known count against the threshold',
            description:
              'The larger of the two numbers on the left, where it is known. Dashed: the threshold of each class, below which the host activates none of it.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              `max by (host, class) (${of('kms_host_threshold_margin', HOST, CLASS)}) + on (class) group_left () max by (class) (${of('kms_activation_threshold', CLASS)})`,
              '{{host}} {{class}}',
            ],
            [`max by (class) (${of('kms_activation_threshold', CLASS)})`, 'threshold {{class}}'],
          ],
          { limits: '^threshold', min: 0 },
        ),
      ],
    },
    {
      title: 'What it is asked',
      panels: [
        lines(
          {
            title: 'Requests in the hour before',
            description: 'Activation requests of its log by event time, by what it answered.',
            unit: 'short',
            width: 8,
            height: 8,
          },
          [[`sum by (host, result) (${of('kms_requests_last_hour', HOST, CLASS)})`, '{{host}} {{result}}']],
          { bars: true, stacked: true, min: 0 },
        ),
        lines(
          {
            title: 'Requests as it counts them',
            description:
              "By the host's own counters: all requests, those that it refused, and the state that clients were in.",
            unit: 'short',
            width: 8,
            height: 8,
          },
          [
            [`sum by (host) (increase(${of('kms_host_requests_total', HOST)}[$__rate_interval]))`, '{{host}}'],
            [
              `sum by (host) (increase(${of('kms_host_failed_requests_total', HOST)}[$__rate_interval]))`,
              'failed {{host}}',
            ],
            [
              `sum by (host, license_status) (increase(${of('kms_host_requests_by_license_status_total', HOST)}[$__rate_interval]))`,
              '{{host}} from {{license_status}}',
            ],
          ],
          { limits: '^failed', min: 0 },
        ),
        lines(
          {
            title: 'Clients in trouble',
            description:
              'Leases whose clients ask again and again, those that have done so for over a day, and machines whose clock is more than 4 hours off.',
            unit: 'short',
            width: 8,
            height: 8,
          },
          [
            [`sum by (host) (${of('kms_clients_retrying', HOST, CLASS)})`, '{{host}} retrying'],
            [`sum by (host) (${of('kms_clients_retrying_long', HOST, CLASS)})`, '{{host}} for over a day'],
            [`sum by (host) (${of('kms_clients_skewed', HOST)})`, '{{host}} clock off'],
          ],
          { min: 0 },
        ),
        rows(
          {
            title: 'Last heard',
            description:
              'When its log last had a record, and when each pool last asked. Silence beyond the limit, on a host that is up and whose log is read, means that clients go elsewhere or nowhere.',
            unit: 'short',
            width: 12,
            height: 7,
          },
          [
            asDate(`max by (host, pool) (${of('kms_host_last_request_timestamp_seconds', HOST)})`),
            `max by (host, pool) (${of('kms_host_idle_limit_seconds', HOST)})`,
          ],
          [
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
            height: 7,
          },
          [`max by (host, product) (${of('kms_products_refused', HOST)}) == 1`],
          [
            { field: 'host', title: 'Host' },
            { field: 'product', title: 'Product' },
          ],
        ),
      ],
    },
    {
      title: 'What it says of itself',
      panels: [
        rows(
          {
            title: 'Reports and logs',
            description:
              'Whether it reports, whether its log is read, and since when; and gaps that its log had when it was read.',
            unit: 'short',
            width: 12,
            height: 7,
          },
          [
            `max by (host) (${of('kms_host_report_up', HOST)})`,
            asDate(`max by (host) (${of('kms_host_last_report_timestamp_seconds', HOST)})`),
            `max by (host) (${of('kms_host_activations_up', HOST)})`,
            asDate(`max by (host) (${of('kms_host_last_event_timestamp_seconds', HOST)})`),
            `max by (host) (${of('kms_event_log_gaps_total', HOST)})`,
          ],
          [
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
            title: 'Settings',
            description:
              'As the host reports them. A priority that is low, or publishing that is off, may be wanted; it must be known.',
            unit: 'short',
            width: 12,
            height: 7,
          },
          [
            `max by (host, version, os) (${of('kms_host_info', HOST)})`,
            `max by (host) (${of('kms_host_listening_port', HOST)})`,
            `max by (host) (${of('kms_host_dns_publishing', HOST)})`,
            `max by (host) (${of('kms_host_low_priority', HOST)})`,
            `max by (host) (${of('kms_host_activation_interval_seconds', HOST)})`,
            `max by (host) (${of('kms_host_renewal_interval_seconds', HOST)})`,
          ],
          [
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
            title: 'Licence of its keys',
            description: 'A host key that is not licensed activates nobody.',
            unit: 'short',
            width: 8,
            height: 7,
          },
          [`max by (host, product, status) (${of('kms_host_license_status', HOST)}) == 1`],
          [
            { field: 'host', title: 'Host' },
            { field: 'product', title: 'Key' },
            { field: 'status', title: 'Status' },
          ],
        ),
        rows(
          {
            title: 'DNS publishing',
            description: 'When it last managed and last failed to publish its SRV record (12294, 12293).',
            unit: 'short',
            width: 8,
            height: 7,
          },
          [asDate(`max by (host, domain, result) (${of('kms_host_dns_publish_timestamp_seconds', HOST)})`)],
          [
            { field: 'host', title: 'Host' },
            { field: 'domain', title: 'Domain' },
            { field: 'result', title: 'Result', width: 90 },
            { field: 'Value', title: 'When', unit: 'dateTimeFromNow' },
          ],
        ),
        rows(
          {
            title: 'Failures of its service',
            description:
              'When the licensing service last failed to start as a KMS host (12291) or to start its timer (12292).',
            unit: 'short',
            width: 8,
            height: 7,
          },
          [asDate(`max by (host, kind) (${of('kms_host_service_failure_timestamp_seconds', HOST)})`)],
          [
            { field: 'host', title: 'Host' },
            { field: 'kind', title: 'Kind', width: 90 },
            { field: 'Value', title: 'When', unit: 'dateTimeFromNow' },
          ],
        ),
      ],
    },
  ],
};

import type { Frame } from './frame.ts';
import { labelValues } from './frame.ts';
import {
  BLUE,
  bars,
  GREEN,
  heat,
  LEASE_STATES,
  lines,
  NEUTRAL,
  number,
  PURPLE,
  RED,
  RESULTS,
  rows,
  SITE_COLUMN,
  YELLOW,
} from './panels.ts';
import { asDate, CLASS, of, once } from './promql.ts';

/** Ages become bucket ends: `7d` is 7, and `+Inf` stays. */
const BY_AGE = `sum by (le) (label_replace(label_replace(${once('kms_leases_by_age', CLASS)}, "le", "$1", "max_age", "(.+)d"), "le", "+Inf", "max_age", "[+]Inf"))`;

/** The activations of clients: how old they are, how long they still last, and what prevents their renewal. */
export const LEASES: Frame = {
  name: 'leases',
  title: 'Leases',
  description: 'Activations of clients: how old they are, when they end, and what keeps them from being renewed.',
  from: 'now-30d',
  variables: [labelValues('class', of('kms_activation_threshold'))],
  rows: [
    {
      title: 'Now',
      panels: [
        number(
          {
            title: 'Ended in the last 30 days',
            description: 'Leases that ended. Some belong to machines that are gone; more than tolerated is an alert.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_leases_beyond_limit', CLASS, 'limit="ended"')})`, ''],
          [[null, NEUTRAL]],
        ),
        number(
          {
            title: 'End soon',
            description: 'Leases that end within leases.critical (7 days unless configured otherwise).',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_leases_beyond_limit', CLASS, 'limit="critical"')})`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Renewals that do not take',
            description: 'Leases whose client asks, is answered, and is not renewed.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_leases', CLASS, 'state="renewal_failing"')})`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Retrying for over a day',
            description: 'Leases whose clients ask every two hours and get no further.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_clients_retrying_long', CLASS)}) or vector(0)`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Cloned client ids',
            description: 'Client ids that two machines use in turn: the host counts both as one.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_duplicate_client_ids')})`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Virtual machines',
            description: 'Share of the machines that say that they are virtual.',
            unit: 'percentunit',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_clients', 'kind="virtual"')}) / sum(${once('kms_clients')})`, ''],
          [[null, NEUTRAL]],
        ),
      ],
    },
    {
      title: 'What ends when',
      panels: [
        bars(
          {
            title: 'Expiry calendar',
            description:
              'Leases that end within this many days unless they are renewed; each span includes the shorter ones.',
            unit: 'short',
            width: 8,
            height: 9,
          },
          [`sort(sum by (within) (${once('kms_leases_expiring', CLASS)}))`, 'within {{within}}'],
          [[null, BLUE]],
        ),
        rows(
          {
            title: 'Soonest to end',
            description: 'As many as leases.series_limit; the lease explorer of the agent has all of them.',
            unit: 'short',
            width: 16,
            height: 9,
          },
          [asDate(once('kms_lease_expiry_timestamp_seconds', CLASS))],
          [
            SITE_COLUMN,
            { field: 'client', title: 'Client' },
            { field: 'product', title: 'Product' },
            { field: 'class', title: 'Class', width: 80 },
            { field: 'Value', title: 'Ends', unit: 'dateTimeFromNow' },
          ],
          { by: 'Ends' },
        ),
        lines(
          {
            title: 'Leases near their end',
            description:
              'Within leases.warn (30 days unless configured otherwise) and leases.critical (7 days) of their end, and ended in the last 30 days. Dashed: as many as may, over all classes, as machines are retired.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [`sum by (limit) (${once('kms_leases_beyond_limit', CLASS)})`, '{{limit}}'],
            [`sum(${once('kms_leases_tolerated', CLASS)})`, 'tolerated'],
          ],
          {
            limits: '^tolerated',
            colors: [
              ['^warn$', YELLOW],
              ['^critical$', RED],
              ['^ended$', PURPLE],
            ],
            min: 0,
          },
        ),
        bars(
          {
            title: 'Soonest to end, by product',
            description: 'Of the leases that have a series (leases.series_limit).',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [`sort_desc(count by (product) (${once('kms_lease_expiry_timestamp_seconds', CLASS)}))`, '{{product}}'],
          [[null, BLUE]],
        ),
      ],
    },
    {
      title: 'How old they are',
      panels: [
        heat(
          {
            title: 'Age',
            description:
              'Leases by age in days: 180 minus the days that remain. Healthy clients renew every 7 days; what climbs beyond 14 has stopped. The darker, the more leases: the scale below says how many.',
            unit: 'short',
            width: 12,
            height: 9,
          },
          [BY_AGE, '{{le}}', '6h'],
          'd',
        ),
        lines(
          {
            title: 'Leases by state',
            description: 'Superseded and retired leases count nowhere.',
            unit: 'short',
            width: 12,
            height: 9,
          },
          [[`sum by (state) (${once('kms_leases', CLASS)})`, '{{state}}']],
          { stacked: true, min: 0, colors: LEASE_STATES },
        ),
      ],
    },
    {
      title: 'What they do',
      panels: [
        lines(
          {
            title: 'Activity by day',
            description: 'Activation requests of a day, as their records arrived, by what the host answered.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              // Each result is there from the start, at 0.
              `sum by (result) (max without (instance) (increase(${of('kms_activation_requests_total', CLASS)}[1d]))) > 0`,
              '{{result}}',
              '1d',
            ],
          ],
          { bars: true, stacked: true, min: 0, colors: RESULTS },
        ),
        lines(
          {
            title: 'Retrying',
            description:
              'Leases whose clients ask again and again, by class; and those that have done so for over a day.',
            unit: 'short',
            width: 6,
            height: 8,
          },
          [
            [`sum by (class) (${once('kms_clients_retrying', CLASS)})`, '{{class}}'],
            [`sum(${once('kms_clients_retrying_long', CLASS)})`, 'for over a day'],
          ],
          { min: 0, colors: [['^for over', RED]] },
        ),
        lines(
          {
            title: 'Machines',
            description:
              'Machines with a lease that counts, physical and virtual. Dashed: those that share a client id with another.',
            unit: 'short',
            width: 6,
            height: 8,
          },
          [
            [`sum by (kind) (${once('kms_clients')})`, '{{kind}}'],
            [`sum(${once('kms_duplicate_machines')})`, 'with a shared id'],
          ],
          { limits: '^with', stacked: true, min: 0 },
        ),
      ],
    },
    {
      title: 'Every machine',
      panels: [
        lines(
          {
            title: 'Machines by verdict',
            description:
              'Machines of logs, inventories and the directory, each with one verdict. "gone" and "never_asked" need an inventory or the directory.',
            unit: 'short',
            width: 10,
            height: 9,
          },
          [[`sum by (verdict) (${once('kms_machines')})`, '{{verdict}}']],
          {
            stacked: true,
            min: 0,
            colors: [
              ['^renewing$', GREEN],
              ['^(failing|lapsed)$', RED],
              ['^(not_renewing|never_asked)$', YELLOW],
              ['^other_activation$', BLUE],
              ['^gone$', NEUTRAL],
            ],
          },
        ),
        rows(
          {
            title: 'Sources',
            description:
              'Inventories and the directory: how old their newest snapshot is, and how many machines are in it.',
            unit: 'short',
            width: 8,
            height: 9,
          },
          [
            `min by (job, site, source) (${of('kms_inventory_up')})`,
            asDate(`min by (job, site, source) (${of('kms_inventory_last_success_timestamp_seconds')})`),
            `max by (job, site, source) (${of('kms_inventory_machines')})`,
          ],
          [
            SITE_COLUMN,
            { field: 'source', title: 'Source' },
            {
              field: 'Value #A',
              title: 'Read',
              width: 80,
              texts: [
                [1, 'yes', GREEN],
                [0, 'NO', RED],
              ],
            },
            { field: 'Value #B', title: 'As of', unit: 'dateTimeFromNow' },
            { field: 'Value #C', title: 'Machines', width: 90 },
          ],
          { by: 'Source' },
        ),
        bars(
          {
            title: 'Pinned to a host',
            description:
              'Machines whose newest request went to a host that their domain does not publish: they stay with it.',
            unit: 'short',
            width: 6,
            height: 9,
          },
          [`sort_desc(max by (job, site, host) (${of('kms_clients_pinned')}))`, '{{host}} {{site}}'],
          [[null, BLUE]],
        ),
      ],
    },
  ],
};

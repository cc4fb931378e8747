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
  YELLOW,
} from './panels.ts';
import { asDate, CLASS, of } from './promql.ts';

/** Ages become bucket ends: `7d` is 7, and `+Inf` stays. */
const BY_AGE = `sum by (le) (label_replace(label_replace(${of('kms_leases_by_age', CLASS)}, "le", "$1", "max_age", "(.+)d"), "le", "+Inf", "max_age", "[+]Inf"))`;

/** The activations of clients: how old they are, how long they still last, and what prevents their renewal. */
export const LEASES: Frame = {
  name: 'leases',
  title: 'Leases',
  description: 'Activations of clients: how old they are, when they end, and what keeps them from being renewed.',
  from: 'now-30d',
  variables: [labelValues('class', 'kms_activation_threshold{job=~"$job", instance=~"$instance"}')],
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
          [`sum(${of('kms_leases_beyond_limit', CLASS, 'limit="ended"')})`, ''],
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
          [`sum(${of('kms_leases_beyond_limit', CLASS, 'limit="critical"')})`, ''],
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
          [`sum(${of('kms_leases', CLASS, 'state="renewal_failing"')})`, ''],
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
          [`sum(${of('kms_clients_retrying_long', CLASS)}) or vector(0)`, ''],
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
          [`sum(${of('kms_duplicate_client_ids')})`, ''],
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
          [`sum(${of('kms_clients', 'kind="virtual"')}) / sum(${of('kms_clients')})`, ''],
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
              'Leases that end within so many days unless they are renewed; each span has the shorter ones in it.',
            unit: 'short',
            width: 8,
            height: 9,
          },
          [`sort(sum by (within) (${of('kms_leases_expiring', CLASS)}))`, 'within {{within}}'],
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
          [asDate(of('kms_lease_expiry_timestamp_seconds', CLASS))],
          [
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
            [`sum by (limit) (${of('kms_leases_beyond_limit', CLASS)})`, '{{limit}}'],
            [`sum(${of('kms_leases_tolerated', CLASS)})`, 'tolerated'],
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
            description: 'Of the leases with a series of their own (leases.series_limit).',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [`sort_desc(count by (product) (${of('kms_lease_expiry_timestamp_seconds', CLASS)}))`, '{{product}}'],
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
              'Leases by age in days: 180 minus the days that remain. Healthy clients renew every 7 days; what climbs beyond 14 has stopped.',
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
          [[`sum by (state) (${of('kms_leases', CLASS)})`, '{{state}}']],
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
          [[`sum by (result) (increase(${of('kms_activation_requests_total', CLASS)}[1d]))`, '{{result}}', '1d']],
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
            [`sum by (class) (${of('kms_clients_retrying', CLASS)})`, '{{class}}'],
            [`sum(${of('kms_clients_retrying_long', CLASS)})`, 'for over a day'],
          ],
          { min: 0, colors: [['^for over', RED]] },
        ),
        lines(
          {
            title: 'Machines',
            description: 'Machines with a lease that counts, physical and virtual.',
            unit: 'short',
            width: 6,
            height: 8,
          },
          [[`sum by (kind) (${of('kms_clients')})`, '{{kind}}']],
          { stacked: true, min: 0 },
        ),
      ],
    },
  ],
};

import { causes } from './causes.ts';
import type { Frame } from './frame.ts';
import { labelValues } from './frame.ts';
import {
  BLUE,
  bars,
  GREEN,
  HOST_TEXTS,
  LEASE_STATES,
  lines,
  NEUTRAL,
  number,
  type PanelWords,
  RED,
  rows,
  SITE_COLUMN,
  YELLOW,
} from './panels.ts';
import { asDate, CLASS, chosenAlerts, DOMAIN, down, hostState, of, once, variable, withAgent } from './promql.ts';

const HOST_PAGE = {
  title: 'This host',
  url: `/d/kmswatch-host?var-host=${variable('__value.raw')}&${variable('site:queryparam')}&${variable('__url_time_range')}`,
};

/** For the person on call: are there hosts, are they above their thresholds, what lapses when. */
export const ESTATE: Frame = {
  name: 'estate',
  title: 'Estate',
  description:
    'Are there KMS hosts, are they above their thresholds, and what lapses when? Begin here when you are paged.',
  from: 'now-7d',
  variables: [labelValues('domain', of('kms_domain_hosts')), labelValues('class', of('kms_activation_threshold'))],
  rows: [
    {
      title: 'Now',
      panels: [
        number(
          {
            title: 'Critical causes',
            description:
              'Critical alerts that Prometheus reports as firing and that no other alert explains. The table below names them.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`count(\n${causes('severity="critical"')}\n) or vector(0)`, ''],
          [
            [null, GREEN],
            [1, RED],
          ],
        ),
        number(
          {
            title: 'Hosts down',
            description: 'KMS hosts that are published, expected or configured, and do not accept a bind.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${down('kms_hosts')})`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Smallest margin',
            description:
              'Clients above the threshold, for the domain and class that has the fewest. Below 0, no host of that domain can activate the class.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`min(${of('kms_domain_threshold_margin', DOMAIN, CLASS)})`, ''],
          [
            [null, RED],
            [0, YELLOW],
            [5, GREEN],
          ],
          'not known',
        ),
        number(
          {
            title: 'Next below a threshold',
            description:
              'When the next host falls below a threshold if no client makes contact any more. Those that are below already are not counted here.',
            unit: 'dateTimeFromNow',
            width: 4,
            height: 4,
          },
          [asDate(`min(${of('kms_host_threshold_breach_timestamp_seconds', CLASS)} > time())`), ''],
          [[null, NEUTRAL]],
          'none ahead',
        ),
        number(
          {
            title: 'Next lease ends',
            description: 'When the next activation ends that has not ended yet.',
            unit: 'dateTimeFromNow',
            width: 4,
            height: 4,
          },
          [asDate(`min(${once('kms_lease_next_expiry_timestamp_seconds', CLASS)})`), ''],
          [[null, NEUTRAL]],
          'no leases',
        ),
        number(
          {
            title: 'Machines',
            description:
              'Machines with a lease that is neither superseded nor retired. A margin rests on another number: the client ids that one host has counted in 30 days, where clones are one, and a machine that asks two hosts counts at both.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`sum(${once('kms_clients')})`, ''],
          [[null, NEUTRAL]],
        ),
      ],
    },
    {
      title: 'What is wrong',
      panels: [
        alerts(
          {
            title: 'Causes',
            description:
              'What Prometheus reports as firing, without what follows from another alert. The name leads to its runbook, which the agent serves.',
            width: 14,
            height: 12,
          },
          causes(),
        ),
        rows(
          {
            title: 'Hosts',
            description:
              'Each host and port, whether it is up, and how fast it answers. "unexpected": it is published and up, and is none of the expected hosts; "IMPOSTOR": it accepts a bind to any interface.',
            unit: 'short',
            width: 10,
            height: 12,
          },
          [
            hostState(),
            `max by (job, site, host, port) (sum without (phase) (${of('kms_host_probe_duration_seconds', 'phase=~"connect|bind"')}))`,
          ],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host', link: HOST_PAGE },
            { field: 'port', title: 'Port', width: 70 },
            {
              field: 'Value #A',
              title: 'Up',
              width: 100,
              texts: HOST_TEXTS,
            },
            { field: 'Value #B', title: 'Answers in', unit: 's', width: 110 },
          ],
          { by: 'Up' },
        ),
        alerts(
          {
            title: 'Alerts',
            description:
              'All that Prometheus reports as firing or about to fire, with what follows from the causes above.',
            width: 24,
            height: 10,
          },
          chosenAlerts(),
        ),
      ],
    },
    {
      title: 'Thresholds',
      panels: [
        lines(
          {
            title: 'Margin by domain and class',
            description:
              'The best known count of the best host minus the threshold. Below 0, nothing of the class is activated any more; clients that are activated stay so until their 180 days end. Dashed: where a warning begins. Beyond 10 each line of the scale is ten times the one before.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              `min by (job, site, domain, class) (${of('kms_domain_threshold_margin', DOMAIN, CLASS)})`,
              '{{domain}} {{class}} {{site}}',
            ],
            [`max by (job, site, class) (${of('kms_threshold_warn_margin', CLASS)})`, 'warn below, {{class}} {{site}}'],
          ],
          {
            limits: '^warn below',
            magnitudes: true,
            aside: true,
            // With no client at all it is minus the threshold, which is 25 at most.
            min: -25,
            steps: [
              [null, RED],
              [0, 'transparent'],
            ],
          },
        ),
        rows(
          {
            title: 'Counts and margins by host',
            description:
              'Margin to each threshold, and when the count falls below it if no client makes contact any more. Empty where the count is not known.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            `min by (job, site, host, class) (${of('kms_host_threshold_margin', CLASS)})`,
            asDate(`min by (job, site, host, class) (${of('kms_host_threshold_breach_timestamp_seconds', CLASS)})`),
          ],
          [
            SITE_COLUMN,
            { field: 'host', title: 'Host', link: HOST_PAGE },
            { field: 'class', title: 'Class', width: 90 },
            {
              field: 'Value #A',
              title: 'Margin',
              width: 90,
              steps: [
                [null, RED],
                [0, YELLOW],
                [5, GREEN],
              ],
            },
            { field: 'Value #B', title: 'Below from', unit: 'dateTimeFromNow' },
          ],
          { by: 'Margin' },
        ),
      ],
    },
    {
      title: 'What lapses when',
      panels: [
        bars(
          {
            title: 'Leases that end within',
            description: 'Leases that are not renewed in time end then; each span has those of the shorter ones in it.',
            unit: 'short',
            width: 8,
            height: 8,
          },
          [`sort(sum by (within) (${once('kms_leases_expiring', CLASS)}))`, '{{within}}'],
          [[null, BLUE]],
        ),
        lines(
          {
            title: 'Leases by state',
            description: 'Everything but valid is on its way out, or out.',
            unit: 'short',
            width: 8,
            height: 8,
          },
          [[`sum by (state) (${once('kms_leases', CLASS)})`, '{{state}}']],
          { stacked: true, min: 0, colors: LEASE_STATES },
        ),
        lines(
          {
            title: 'Clients that stopped renewing',
            description:
              'Of the leases heard from lately, the share that has been silent for two renewal intervals: the earliest sign, months before anything lapses. Dashed: the configured limit.',
            unit: 'percentunit',
            width: 8,
            height: 8,
          },
          [
            [`max by (job, site, class) (${of('kms_renewals_stalled_ratio', CLASS)})`, '{{class}} {{site}}'],
            [
              `max by (job, site, class) (${of('kms_renewals_stalled_limit_ratio', CLASS)})`,
              'limit, {{class}} {{site}}',
            ],
          ],
          { limits: '^limit', min: 0 },
        ),
      ],
    },
  ],
};

/** A table of alerts, the critical first. */
function alerts(words: Omit<PanelWords, 'unit'>, expression: string): ReturnType<typeof rows> {
  return rows(
    { ...words, unit: 'short' },
    [withAgent(expression)],
    [
      {
        field: 'alertname',
        title: 'Alert',
        width: 230,
        link: {
          title: 'Runbook',
          url: `http://${variable('__data.fields.Agent')}/runbooks/${variable('__value.raw')}`,
        },
      },
      {
        field: 'severity',
        title: 'Severity',
        width: 90,
        texts: [
          ['critical', 'critical', RED],
          ['warning', 'warning', YELLOW],
        ],
      },
      { field: 'alertstate', title: 'State', width: 80 },
      SITE_COLUMN,
      { field: 'host', title: 'Host' },
      { field: 'domain', title: 'Domain' },
      { field: 'class', title: 'Class', width: 70 },
      { field: 'agent', title: 'Agent' },
    ],
    { by: 'Severity' },
  );
}

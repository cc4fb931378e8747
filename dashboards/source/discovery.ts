import type { Frame } from './frame.ts';
import { labelValues } from './frame.ts';
import { GREEN, lines, NEUTRAL, number, RED, rows, states, YELLOW } from './panels.ts';
import { DOMAIN, of } from './promql.ts';

/** The DNS answers that clients get. */
export const DISCOVERY: Frame = {
  name: 'discovery',
  title: 'Discovery',
  description: 'What each name server says of _vlmcs._tcp in each domain: clients find their KMS host by it.',
  from: 'now-2d',
  variables: [
    labelValues('domain', 'kms_domain_hosts{job=~"$job", instance=~"$instance"}'),
    labelValues('server', 'kms_dns_lookups_total{job=~"$job", instance=~"$instance"}'),
  ],
  rows: [
    {
      title: 'Now',
      panels: [
        number(
          {
            title: 'Servers that do not answer',
            description: 'Domain and name server pairs whose last lookup failed.',
            unit: 'short',
            width: 6,
            height: 4,
          },
          [`count(${of('kms_dns_lookup_success', DOMAIN, 'server=~"$server"')} == 0) or vector(0)`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Domains without a record',
            description: 'Domains of which no server that answers has a usable SRV record: clients there find no host.',
            unit: 'short',
            width: 6,
            height: 4,
          },
          [`count(max by (instance, domain) (${of('kms_dns_srv_records', DOMAIN)}) == 0) or vector(0)`, ''],
          [
            [null, GREEN],
            [1, RED],
          ],
        ),
        number(
          {
            title: 'Records missing',
            description: 'Expected hosts without a record.',
            unit: 'short',
            width: 6,
            height: 4,
          },
          [`count(${of('kms_dns_srv_record_missing', DOMAIN)} == 1) or vector(0)`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Records unexpected',
            description: 'Published records of hosts that are not expected.',
            unit: 'short',
            width: 6,
            height: 4,
          },
          [`count(${of('kms_dns_srv_record_unexpected', DOMAIN)} == 1) or vector(0)`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
      ],
    },
    {
      title: 'Records',
      panels: [
        rows(
          {
            title: 'SRV records',
            description: 'The union of what the servers of each domain publish.',
            unit: 'short',
            width: 12,
            height: 10,
          },
          [`max by (domain, host, port, priority, weight) (${of('kms_dns_srv_record_info', DOMAIN)})`],
          [
            { field: 'domain', title: 'Domain' },
            { field: 'host', title: 'Target' },
            { field: 'port', title: 'Port', width: 70 },
            { field: 'priority', title: 'Priority', width: 80 },
            { field: 'weight', title: 'Weight', width: 80 },
          ],
          { by: 'Domain' },
        ),
        rows(
          {
            title: 'Expected and published',
            description: 'Hosts that a domain has or should have, those that are up, and whether its servers agree.',
            unit: 'short',
            width: 12,
            height: 10,
          },
          [
            `max by (domain) (${of('kms_domain_hosts', DOMAIN)})`,
            `max by (domain) (${of('kms_domain_hosts_up', DOMAIN)})`,
            `max by (domain) (${of('kms_domain_hosts', DOMAIN)}) - max by (domain) (${of('kms_domain_hosts_up', DOMAIN)})`,
            `max by (domain) (${of('kms_dns_servers_disagree', DOMAIN)})`,
          ],
          [
            { field: 'domain', title: 'Domain' },
            { field: 'Value #A', title: 'Hosts', width: 80 },
            {
              field: 'Value #B',
              title: 'Up',
              width: 80,
              steps: [
                [null, RED],
                [1, GREEN],
              ],
            },
            {
              field: 'Value #C',
              title: 'Down',
              width: 80,
              steps: [
                [null, NEUTRAL],
                [1, YELLOW],
              ],
            },
            {
              field: 'Value #D',
              title: 'Servers',
              width: 110,
              texts: [
                [0, 'agree', GREEN],
                [1, 'DISAGREE', YELLOW],
              ],
            },
          ],
        ),
        lines(
          {
            title: 'Records by server',
            description: 'Usable SRV records in the last answer of each server. They should be the same number.',
            unit: 'short',
            width: 12,
            height: 8,
          },
          [
            [
              `max by (domain, server) (${of('kms_dns_srv_records', DOMAIN, 'server=~"$server"')})`,
              '{{domain}} at {{server}}',
            ],
          ],
          { min: 0 },
        ),
        lines(
          {
            title: 'Smallest TTL',
            description: 'For so long a client may go on using a record that is gone.',
            unit: 's',
            width: 12,
            height: 8,
          },
          [
            [
              `min by (domain, server) (${of('kms_dns_srv_ttl_seconds', DOMAIN, 'server=~"$server"')})`,
              '{{domain}} at {{server}}',
            ],
          ],
          { aside: true, min: 0 },
        ),
      ],
    },
    {
      title: 'Servers',
      panels: [
        states(
          {
            title: 'Lookups',
            description: 'Whether each server answered; an empty answer is an answer.',
            unit: 'short',
            width: 12,
            height: 9,
          },
          [
            `max by (domain, server) (${of('kms_dns_lookup_success', DOMAIN, 'server=~"$server"')})`,
            '{{domain}} at {{server}}',
          ],
          [
            [1, 'answers', GREEN],
            [0, 'FAILS', RED],
          ],
        ),
        lines(
          {
            title: 'Time to an answer',
            description: 'Of the last lookup, retries included; the longest of the domains.',
            unit: 's',
            width: 6,
            height: 9,
          },
          [[`max by (server) (${of('kms_dns_lookup_duration_seconds', DOMAIN, 'server=~"$server"')})`, '{{server}}']],
          { min: 0 },
        ),
        lines(
          {
            title: 'Failed lookups',
            description: 'The share of the lookups that got no answer, by reason.',
            unit: 'percentunit',
            width: 6,
            height: 9,
          },
          [
            [
              `sum by (server, reason) (increase(${of('kms_dns_lookup_failures_total', DOMAIN, 'server=~"$server"')}[$__rate_interval])) / on (server) group_left () sum by (server) (increase(${of('kms_dns_lookups_total', DOMAIN, 'server=~"$server"')}[$__rate_interval])) > 0`,
              '{{server}} {{reason}}',
            ],
          ],
          { bars: true, min: 0, max: 1 },
        ),
      ],
    },
  ],
};

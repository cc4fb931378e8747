import type { Frame } from './frame.ts';
import { labelValues } from './frame.ts';
import { GREEN, lines, NEUTRAL, number, RED, rows, SITE_COLUMN, states, YELLOW } from './panels.ts';
import { DOMAIN, down, mean, of, once, shareOf } from './promql.ts';

/** The DNS answers that clients get. */
export const DISCOVERY: Frame = {
  name: 'discovery',
  title: 'Discovery',
  description: 'What each name server says of _vlmcs._tcp in each domain: clients find their KMS host by it.',
  from: 'now-2d',
  variables: [labelValues('domain', of('kms_domain_hosts')), labelValues('server', of('kms_dns_lookups_total'))],
  rows: [
    {
      title: 'Now',
      panels: [
        number(
          {
            title: 'Servers that do not answer',
            description: 'Domain and name server pairs whose last lookup failed.',
            unit: 'short',
            width: 5,
            height: 4,
          },
          [
            `count(min without (instance) (${of('kms_dns_lookup_success', DOMAIN, 'server=~"$server"')}) == 0) or vector(0)`,
            '',
          ],
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
            width: 5,
            height: 4,
          },
          [
            `count(min by (job, site, domain) (max without (server) (${of('kms_dns_srv_records', DOMAIN)})) == 0) or vector(0)`,
            '',
          ],
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
            width: 5,
            height: 4,
          },
          [`count(${once('kms_dns_srv_record_missing', DOMAIN)} == 1) or vector(0)`, ''],
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
            width: 5,
            height: 4,
          },
          [`count(${once('kms_dns_srv_record_unexpected', DOMAIN)} == 1) or vector(0)`, ''],
          [
            [null, GREEN],
            [1, YELLOW],
          ],
        ),
        number(
          {
            title: 'Records partial',
            description: 'Published records that only some of the name servers have which answered.',
            unit: 'short',
            width: 4,
            height: 4,
          },
          [`count(${once('kms_dns_srv_record_partial', DOMAIN)} == 1) or vector(0)`, ''],
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
          [`max by (job, site, domain, host, port, priority, weight) (${of('kms_dns_srv_record_info', DOMAIN)})`],
          [
            SITE_COLUMN,
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
            description:
              'Hosts that a domain has or should have, those that are up, and whether its servers agree. Ready: up, and with enough clients for each class that the domain has; with 1, no other can take over.',
            unit: 'short',
            width: 12,
            height: 10,
          },
          [
            `max by (job, site, domain) (${of('kms_domain_hosts', DOMAIN)})`,
            `max by (job, site, domain) (${of('kms_domain_hosts_up', DOMAIN)})`,
            down('kms_domain_hosts', DOMAIN),
            `max by (job, site, domain) (${of('kms_dns_servers_disagree', DOMAIN)})`,
            `min by (job, site, domain) (${of('kms_domain_hosts_ready', DOMAIN)})`,
          ],
          [
            SITE_COLUMN,
            { field: 'domain', title: 'Domain' },
            { field: 'Value #A', title: 'Hosts', width: 80 },
            {
              field: 'Value #B',
              title: 'Up',
              width: 80,
            },
            {
              field: 'Value #E',
              title: 'Ready',
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
              `max by (job, site, domain, server) (${of('kms_dns_srv_records', DOMAIN, 'server=~"$server"')})`,
              '{{domain}} at {{server}} {{site}}',
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
              `min by (job, site, domain, server) (${of('kms_dns_srv_ttl_seconds', DOMAIN, 'server=~"$server"')})`,
              '{{domain}} at {{server}} {{site}}',
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
            `min by (job, site, domain, server) (${of('kms_dns_lookup_success', DOMAIN, 'server=~"$server"')})`,
            '{{domain}} at {{server}} {{site}}',
          ],
          [
            [1, 'answers', GREEN],
            [0, 'FAILS', RED],
          ],
        ),
        lines(
          {
            title: 'Time to an answer',
            description:
              'Of the last lookup, retries included; the longest of the domains. Dashed: the mean of all lookups between two points.',
            unit: 's',
            width: 6,
            height: 9,
          },
          [
            [
              `max by (job, site, server) (${of('kms_dns_lookup_duration_seconds', DOMAIN, 'server=~"$server"')})`,
              '{{server}} {{site}}',
            ],
            [
              mean('server', 'kms_dns_lookups_duration_seconds', DOMAIN, 'server=~"$server"'),
              'mean, {{server}} {{site}}',
            ],
          ],
          { limits: '^mean', min: 0 },
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
              shareOf(
                'server',
                'reason',
                'kms_dns_lookup_failures_total',
                'kms_dns_lookups_total',
                DOMAIN,
                'server=~"$server"',
              ),
              '{{server}} {{reason}} {{site}}',
            ],
          ],
          { bars: true, min: 0, max: 1 },
        ),
      ],
    },
  ],
};

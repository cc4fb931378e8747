import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { acceptReport } from '../../src/agent/accept-report.ts';
import { logsSnapshot } from '../../src/agent/logs-snapshot.ts';
import { storeSettings } from '../../src/agent/store-settings.ts';
import { findingsIn } from '../../src/conditions/catalogue.ts';
import { ConfigSchema } from '../../src/config/schema.ts';
import { explainClient } from '../../src/explain/explain-client.ts';
import { ok } from '../../src/kernel/result.ts';
import { millis, seconds } from '../../src/kernel/time.ts';
import { parseReport } from '../../src/reports/parse-report.ts';
import { migrate } from '../../src/store/database/migrations.ts';
import { ClientHistoryQuery } from '../../src/store/reading/client-history.ts';
import { LeasePages } from '../../src/store/reading/lease-pages.ts';
import { readContext } from '../../src/store/reading/read-context.ts';
import { Engine } from '../../src/store/threads/engine.ts';
import { estate } from '../support/estate.ts';
import { hostName } from '../support/host-name.ts';
import { readEventsFrom } from '../support/read-events.ts';
import { caseOf, describeWithRecordings } from '../support/recordings.ts';

/** Seconds after which a history that came at once counts as read. */
const READ_FOR = 200;

/** As of which the times of the files are to be judged, in seconds. */
const DAY = Date.parse('2026-11-28T12:00:00Z') / 1000;

/** An agent that has read these files, at one time. */
class Reader {
  readonly #now: number;
  readonly #host: string | undefined;
  readonly #config;
  readonly #database = new DatabaseSync(':memory:');
  readonly #engine: Engine;
  readonly #estate;
  /** `N accepted, N rejected`. */
  taken = '';

  /** @param now seconds since the epoch @param host the one that reports */
  constructor(now = DAY, host?: string) {
    this.#now = now;
    this.#host = host;
    const hosts = host === undefined ? [] : [{ name: host, report: { push: { token: 'a-token-of-it' } } }];
    this.#config = ConfigSchema.parse({ discovery: { domains: [] }, hosts });
    migrate(this.#database);
    this.#engine = new Engine(this.#database, storeSettings(this.#config), seconds(now));
    const known = hosts.map(({ name }) => ({ name: hostName(name), aliases: [], port: 1688, report: 'push' as const }));
    this.#estate = estate({ domains: [], hosts: known });
  }

  async read(...names: readonly string[]): Promise<this> {
    for (const name of names) {
      const readings = readEventsFrom(await caseOf(name));
      const records = readings.flatMap((reading) => (reading.ok ? [reading.value] : []));
      const rejected = readings.length - records.length;
      const at = seconds(this.#now - READ_FOR);
      this.#engine.ingest([{ source: 'import', records, unread: { ignored: 0, rejected } }], at);
      this.taken = `${records.length} accepted, ${rejected} rejected`;
    }
    while (this.#engine.derive());
    return this;
  }

  /** @param isNew whether the report is as of now, and not of the time it names */
  async report(name: string, isNew = false): Promise<this> {
    const report = parseReport(await caseOf(name));
    if (!report.ok || this.#host === undefined) throw new Error(report.ok ? 'no host reports' : report.error);
    const at = millis(this.#now * 1000);
    const clock = { now: () => at, monotonic: () => 0 };
    const taken = await acceptReport(
      hostName(this.#host),
      { ...report.value, time: isNew ? at : report.value.time },
      {
        estate: this.#estate,
        store: {
          takeReport: async (stored) => {
            this.#engine.takeReports([stored]);
            return ok(undefined);
          },
        },
        clock: clock as never,
        eventClock: clock as never,
        isInDoubt: false,
      },
    );
    if (!taken.ok) throw new Error(taken.error.text);
    return this;
  }

  /** What is open, as `NAME label label`, hold times aside. */
  get open(): readonly string[] {
    return this.findings.map(({ name, subject }) => [name, ...Object.values(subject)].join(' '));
  }

  get findings() {
    const at = millis(this.#now * 1000);
    const snapshot = this.#estate.snapshot(at);
    const clock = { now: () => at, monotonic: () => 0 } as never;
    const logs = logsSnapshot(this.#config, this.#engine.aggregates(seconds(this.#now)), clock, snapshot);
    return findingsIn({ estate: snapshot, logs, agent: undefined, risen: new Set() });
  }

  margin(host: string, cls: string): number | undefined {
    const { hosts, reporting } = this.#engine.aggregates(seconds(this.#now));
    const one = [...hosts, ...reporting].find((each) => each.host === host);
    return one?.margins.find((each) => each.cls === cls)?.margin;
  }

  census(host: string): number | undefined {
    const { hosts } = this.#engine.aggregates(seconds(this.#now));
    return hosts.find((each) => each.host === host)?.pools.find(({ pool }) => pool === 'windows')?.census;
  }

  /** All that a person reads of one machine. */
  explain(client: string): string {
    const { leases } = storeSettings(this.#config);
    const history = this.#histories.history(client, seconds(this.#now));
    const { headline, sections, actions } = explainClient(history, leases, seconds(this.#now));
    return [headline, ...sections.flatMap(({ paragraphs }) => paragraphs), ...actions].join('\n');
  }

  leases(query = {}) {
    const page = this.#pages.page(query, seconds(this.#now));
    return page.ok ? page.value.leases : [];
  }

  get #pages() {
    return new LeasePages(readContext(this.#database, storeSettings(this.#config)));
  }

  get #histories() {
    return new ClientHistoryQuery(readContext(this.#database, storeSettings(this.#config)), this.#pages);
  }
}

describeWithRecordings(
  'what administrators have tried',
  () => {
    it('40: clones above the threshold are clones, and activated by their own word', async () => {
      const agent = await new Reader().read('40-clones-above-threshold.ndjson');
      expect([agent.census('kms01.corp.example.com'), agent.margin('kms01.corp.example.com', 'client')]).toEqual([
        31, 6,
      ]);
      expect(agent.leases({ duplicate: true })).toHaveLength(5);
      expect(agent.leases({ client: 'clone-' }).map(({ state }) => state)).toEqual(Array(5).fill('valid'));
      expect(agent.open).toContain('KmsDuplicateClientIds');
      expect(agent.explain('clone-1')).toMatch(/they are clones.*is activated until.*licensed, 172 days left/s);
    });

    it('41: clones below the threshold are to be rearmed', async () => {
      const agent = await new Reader().read('41-clones-below-threshold.ndjson');
      expect(agent.census('kms02.corp.example.com')).toBe(4);
      expect(agent.leases({ duplicate: true })).toHaveLength(30);
      expect(agent.explain('vdi-07')).toMatch(/they are clones.*not activated.*slmgr \/rearm/s);
      expect(agent.explain('vdi-07')).not.toContain('nothing to do');
    });

    it('43: the host key does not cover Windows Server 2025, and who is refused does not count', async () => {
      const agent = await new Reader().read('43-server2025-host-key-too-old.ndjson');
      expect(agent.census('kms04.corp.example.com')).toBe(30);
      expect(agent.open).toContain(
        'KmsProductRefused kms04.corp.example.com server windows Windows Server 2025 Datacenter',
      );
      expect(agent.explain('s25-0')).toMatch(/do not cover it \(0xC004F042\).*Windows Server 2025 KMS host key/s);
      expect(agent.explain('w-0')).toMatch(/is activated until/);
    });

    it('44: a clock that is wrong, and a host that is too old', async () => {
      const agent = await new Reader().read('44-clock-skew-vs-old-host.ndjson');
      expect(agent.explain('skew-1')).toMatch(/its clock is 7 hours ahead.*w32tm \/resync/s);
      expect(agent.explain('newos-1')).toMatch(/clock was within 4 hours.*the host is too old/s);
      expect(agent.explain('newos-1')).not.toContain('w32tm');
    });

    it('45: two hosts have 15 clients each, too few for either', async () => {
      const agent = await new Reader().read('45-two-hosts-split-below.ndjson');
      expect(['kmsa', 'kmsb'].map((host) => agent.census(`${host}.corp.example.com`))).toEqual([15, 15]);
      expect(agent.explain('sp-00')).toMatch(
        /25 clients in 30 days, and kmswatch has seen 15 at kmsa.*all clients to one/s,
      );
    });

    it('50: each domain has its own word of publishing', async () => {
      const agent = await new Reader().read('50-dns-publish-several-domains.ndjson');
      expect(agent.taken).toBe('6 accepted, 1 rejected');
      const host = 'kms01.corp.example.com';
      expect(agent.open.filter((name) => name.includes('Publishing') || name.includes('Service')).toSorted()).toEqual([
        `KmsDnsPublishingFailed ${host} apac.example.com`,
        `KmsDnsPublishingFailed ${host} emea.example.com`,
        `KmsServiceFailure ${host}`,
      ]);
    });

    it('52: a machine that has been silent keeps its lease of 180 days', async () => {
      const agent = await new Reader().read('52-silent-100-days.ndjson');
      expect(agent.leases({ client: 'old-1' })).toMatchObject([
        { state: 'renewal_overdue', expiry: '2027-02-10T12:00:00Z', confirmed_expiry: '2027-02-03T12:00:00Z' },
      ]);
      expect(agent.explain('old-1')).toContain('106 days ago');
    });

    it('57: twelve names in twelve minutes are clones at once', async () => {
      const agent = await new Reader().read('57-twelve-clones-seen-once.ndjson');
      expect(agent.leases({ duplicate: true })).toHaveLength(12);
      expect(agent.open).toContain('KmsDuplicateClientIds');
    });

    it('58: a licence of eleven years is none of KMS', async () => {
      const agent = await new Reader().read('58-licensed-with-eleven-years-left.ndjson');
      expect(agent.leases({ client: 'k38-1' })).toMatchObject([{ state: 'other_license', expiry: null }]);
      expect(agent.explain('k38-1')).toMatch(/licensed by something else than KMS/);
      expect(agent.explain('k38-1')).not.toContain('2027');
    });

    it('59: a young log of a healthy host announces no trouble', async () => {
      const agent = await new Reader().read('59-short-log-of-healthy-host.ndjson');
      expect(agent.open).toEqual([]);
      for (const n of ['00', '31', '59']) {
        expect(agent.explain(`healthy-${n}`).split('\n')[0]).toMatch(
          / is activated until \S+ \S+ UTC \(in \d+ days\)\.$/,
        );
      }
    });

    it('64: a machine that was renamed is known by both names', async () => {
      const agent = await new Reader().read('64-renamed-after-imaging.ndjson');
      expect(agent.explain('DESKTOP-AB12CD3')).toMatch(/is called ws-0417\.corp\.example\.com since 2026-11-13/);
      expect(agent.explain('ws-0417')).toMatch(/previously called desktop-ab12cd3/);
      expect(agent.open).not.toContain('KmsDuplicateClientIds');
    });

    it.each(['as of the time it names', 'as of now'])(
      '65: a host that was rebuilt counts what it says, %s',
      async (when) => {
        const agent = new Reader(Date.parse('2026-11-28T14:52:00Z') / 1000, 'kms90.corp.example.com');
        await agent.read('65a-host-before-rebuild.ndjson', '65b-after-rebuild-three-new-clients.ndjson');
        await agent.report('65c-report-of-rebuilt-host-count-3.json', when === 'as of now');
        expect(agent.margin('kms90.corp.example.com', 'client')).toBe(-22);
        expect(agent.open).toEqual([
          'KmsHostBelowThreshold kms90.corp.example.com client',
          'KmsCountDisagrees kms90.corp.example.com windows',
        ]);
        expect(agent.explain('fresh-1')).toMatch(/is not activated: kms90\S* itself says that it counts 3 of the 25/);
      },
    );

    it.each([
      ['80-report-ok-two-keys-windows-and-office.json', ['KmsHostBelowThreshold kms91.corp.example.com office']],
      ['84-report-host-key-not-activated.json', [expect.stringMatching(/^KmsHostNotActivated kms91/)]],
      ['85-report-host-turned-client-gvlk.json', [expect.stringMatching(/^KmsHostKeyMissing kms91/)]],
    ])('%s of a host without a log', async (name, expected) => {
      const agent = await new Reader(Date.parse('2026-11-28T14:45:00Z') / 1000, 'kms91.corp.example.com').report(name);
      expect(agent.open).toEqual(expected);
    });

    it.each([
      ['82-report-slmgr-dlv-text.txt', /the text of slmgr.*report\.ps1 makes the report/],
      ['83-report-cim-service-only.json', /SoftwareLicensingService alone.*report\.ps1 makes the report/],
    ])('%s is no report', async (name, reason) => {
      const report = parseReport(await caseOf(name));
      expect(report.ok ? '' : report.error).toMatch(reason);
    });
  },
  'cases',
);

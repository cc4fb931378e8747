import type { Seconds } from '../kernel/time.ts';
import { instant } from '../kernel/words.ts';
import type { ClientStory, ExplainSettings, NewName, SeenStory } from '../leases/story.ts';
import { joined } from './causes.ts';
import { hostTable, leaseTable, requestTable } from './evidence.ts';
import { explainUnseen } from './explain-unseen.ts';
import { type Explanation, type Section, VERDICTS, type Verdict } from './explanation.ts';
import { type LeaseFinding, leaseFinding } from './lease-section.ts';
import { machinePart } from './machine-section.ts';
import { withMove } from './move-words.ts';
import { stillReading } from './still-reading.ts';

/** A machine that is recreated every day replaces a lease every day. */
const REPLACED_TOLD = 2;

/**
 * Says in plain words why a machine is or is not activated, what comes next and what to do.
 * @param now seconds since the epoch
 */
export function explainClient(story: ClientStory, settings: ExplainSettings, now: Seconds): Explanation {
  const reading = stillReading(story);
  if (reading !== '') return explainPart(story, reading);
  if (story.kind === 'unseen') return explainUnseen(story, settings);
  return withMove(explainSeen(story, settings, now), story, now);
}

/** The next minute would take back every verdict and every remedy, so there is none: only what was read so far. */
function explainPart(story: ClientStory, reading: string): Explanation {
  const client = story.kind === 'seen' ? story.machine : story.asked;
  const requests = story.kind === 'seen' ? story.requests : [];
  const asked = requests.map(({ request }) => request.host);
  return {
    client,
    verdict: 'unknown',
    headline: `${reading} Until it is read, nothing can be said of ${client}.`,
    sections: [],
    actions: ['Ask again once the log is read.'],
    evidence: [requestTable(requests, []), hostTable(story.hosts, asked)].filter(({ rows }) => rows.length > 0),
    isPart: true,
  };
}

function explainSeen(story: SeenStory, settings: ExplainSettings, now: Seconds): Explanation {
  if (story.renamedTo !== undefined && story.leases.length === 0) return explainRenamed(story, story.renamedTo);
  const findings = story.leases
    .map((entry) => leaseFinding(entry, story, settings, now))
    .sort((a, b) => urgency(a) - urgency(b) || endOf(a) - endOf(b) || lastOf(b) - lastOf(a));
  const machine = machinePart(story, now);
  // The problems of clones cannot be distinguished, so the shared id comes first.
  const whole = machine.above === '' ? joined(...findings, machine) : joined(machine, ...findings);
  const verdict = findings[0]?.verdict ?? 'unknown';
  const products = sectionsOf(findings, story.machine);
  const ofMachine = machineSection(machine.paragraphs);
  return {
    client: story.machine,
    verdict: machine.above === '' ? verdict : atBest('at_risk', verdict),
    headline: [
      ...(machine.above === ''
        ? []
        : [`${story.machine} ${machine.above}: they are clones, and a host counts them as one.`]),
      headlineOf(machine.above === '' ? `${story.machine}:` : 'As far as kmswatch can see,', story, findings),
      ...(machine.because === '' ? [] : [`But ${machine.because}.`]),
    ].join(' '),
    sections: machine.above === '' ? [...products, ...ofMachine] : [...ofMachine, ...products],
    actions: [...new Set(whole.actions)],
    evidence: [
      leaseTable(findings.map(({ entry }) => entry)),
      requestTable(story.requests, story.leases),
      hostTable(
        story.hosts,
        story.requests.map(({ request }) => request.host),
      ),
    ].filter(({ rows }) => rows.length > 0),
  };
}

/** A machine that has another name now: its leases go on under that. */
function explainRenamed({ machine, requests }: SeenStory, { machine: now, since }: NewName): Explanation {
  return {
    client: machine,
    verdict: 'out_of_count',
    headline: `${machine} is called ${now} since ${instant(since)}: they have the same client id.`,
    sections: [
      {
        title: 'The machine',
        verdict: 'out_of_count',
        paragraphs: [`Its leases go on as those of ${now}. No host has heard of the old name since.`],
      },
    ],
    actions: [`For its activation: kmswatch explain ${now}`],
    evidence: [requestTable(requests, [])].filter(({ rows }) => rows.length > 0),
  };
}

function atBest(best: Verdict, verdict: Verdict): Verdict {
  return VERDICTS.indexOf(verdict) < VERDICTS.indexOf(best) ? verdict : best;
}

function urgency({ verdict }: LeaseFinding): number {
  return VERDICTS.indexOf(verdict);
}

function endOf({ entry }: LeaseFinding): number {
  return entry.expiry?.time ?? 0;
}

function lastOf({ entry }: LeaseFinding): number {
  return entry.lease.last.time;
}

function headlineOf(start: string, { machine }: SeenStory, findings: readonly LeaseFinding[]): string {
  const first = findings[0];
  if (first === undefined) return `${machine} is known, but has no lease.`;
  const text = first.entry.state === 'retired' ? `${machine} ${first.headline}` : `${start} ${first.headline}`;
  const others = findings.slice(1).filter(({ verdict }) => verdict !== 'out_of_count');
  if (others.length === 0) return text;
  const products = others.length === 1 ? 'other product' : `${others.length} other products`;
  return others.every(({ verdict }) => verdict === 'activated')
    ? `${text} Its ${products} ${others.length === 1 ? 'is' : 'are'} activated.`
    : `${text} For its ${products} see below.`;
}

/** Describes the newest replaced leases and counts the rest. */
function sectionsOf(findings: readonly LeaseFinding[], machine: string): readonly Section[] {
  const replaced = findings.filter(({ entry }) => entry.state === 'superseded');
  const told = new Set(replaced.slice(0, REPLACED_TOLD));
  const more = replaced.length - told.size;
  return [
    ...findings.filter((one) => one.entry.state !== 'superseded' || told.has(one)).map(sectionOf),
    ...(more === 0
      ? []
      : [
          {
            title: 'Replaced leases',
            verdict: 'out_of_count' as const,
            paragraphs: [`${more} more replaced leases: kmswatch leases --state superseded --client ${machine}`],
          },
        ]),
  ];
}

function sectionOf({ entry, verdict, paragraphs }: LeaseFinding): Section {
  return { title: entry.product, verdict, paragraphs };
}

function machineSection(paragraphs: readonly string[]): readonly Section[] {
  return paragraphs.length === 0 ? [] : [{ title: 'The machine', verdict: 'unknown', paragraphs }];
}

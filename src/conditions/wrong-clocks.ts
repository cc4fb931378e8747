import { HOUR_MS, millis } from '../kernel/time.ts';
import type { Condition, Finding } from './condition.ts';
import type { ConditionSnapshot } from './snapshot.ts';

/** On alerts about clients that have nothing but a wrong clock: these are explained by `KmsClientClockSkew`. */
export const WRONG_CLOCK = { clock: 'wrong' } as const;

/** How long `KmsClientClockSkew` holds before it fires; what it explains waits for it. */
export const CLOCK_HOLD = millis(HOUR_MS);

/** The same condition twice: in general, and where nothing but wrong clocks is behind it. */
interface Both {
  /** Findings of both. */
  readonly all: (snapshot: ConditionSnapshot) => readonly ClockFinding[];
  /** Without what `kms_host_activations_up` and the like take away. */
  readonly promql: string;
  /** A series for each of which only wrong clocks are the reason; it has the labels `on`. */
  readonly wrong: string;
  readonly on: string;
  /** Behind both. */
  readonly unless: string;
}

export interface ClockFinding extends Finding {
  readonly isClock: boolean;
}

/** Both entries of the catalogue. While the agent's own clock is in doubt, it accuses no other. */
export function besidesClocks(
  condition: Omit<Condition, 'evaluate' | 'promql'>,
  { all, promql, wrong, on, unless }: Both,
): readonly Condition[] {
  const isClock = (snapshot: ConditionSnapshot, { isClock: is }: ClockFinding) =>
    is && snapshot.agent?.clock.isInDoubt !== true;
  return [
    {
      ...condition,
      evaluate: (snapshot) => all(snapshot).flatMap((each) => (isClock(snapshot, each) ? [] : [findingOf(each)])),
      promql: `${promql}\nunless on (${on}) ${wrong}\n${unless}`,
    },
    {
      ...condition,
      variant: 'clock',
      labels: WRONG_CLOCK,
      holdsWhen: `${condition.holdsWhen}; the clocks of all these clients are wrong`,
      hold: CLOCK_HOLD,
      evaluate: (snapshot) =>
        all(snapshot).flatMap((each) => (isClock(snapshot, each) ? [findingOf(each, WRONG_CLOCK)] : [])),
      promql: `(\n  ${promql}\n  and on (${on}) ${wrong}\n)\n${unless}`,
    },
  ];
}

function findingOf({ isClock: _, ...finding }: ClockFinding, labels: Readonly<Record<string, string>> = {}): Finding {
  return { ...finding, subject: { ...finding.subject, ...labels } };
}

import { counted } from '../kernel/words.ts';
import type { MachineJson } from '../machines/machine-json.ts';
import type { Verdict } from '../machines/types.ts';

/** A verdict as people read it. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  gone: 'gone',
  other_activation: 'activated in another way',
  failing: 'failing',
  lapsed: 'lapsed',
  not_renewing: 'not renewing',
  never_asked: 'never asked',
  renewing: 'renewing',
  unknown: 'unknown',
};

/**
 * What logs, lists and the machine itself come to, in sentences; the verdict first.
 * @param steps what the explanation below says is to be done: the advice of the verdict would say it twice, or deny it
 */
export function machineSentences(
  { verdict, since, sources, system, products, pinned, host, advice }: MachineJson,
  steps: readonly string[],
): readonly string[] {
  const from = since === null ? '' : ` since ${day(since)}`;
  const ways = [...new Set(products.flatMap(({ way }) => (way === null || way === 'kms' ? [] : [way])))];
  return [
    `Verdict: ${VERDICT_WORDS[verdict]}${from}.${isToldBelow(verdict, steps) ? '' : ` ${advice}`}`,
    ...(sources.length === 0
      ? []
      : [`Known from ${counted(sources.length, 'source')}: ${sources.map(sourceWords).join('; ')}.`]),
    ...(system === null ? [] : [`Its system, by a source: ${system}.`]),
    ...(ways.length === 0 ? [] : [`By its own word it is activated by: ${ways.join(', ')}.`]),
    ...(pinned
      ? [`It asks ${host}, which its domain does not publish: it is pinned to that host, or remembers it.`]
      : []),
  ];
}

/** That a machine is to be retired nobody else says. */
function isToldBelow(verdict: Verdict, steps: readonly string[]): boolean {
  return steps.length > 0 && verdict !== 'gone';
}

function sourceWords({ source, last_seen, disabled, absent }: MachineJson['sources'][number]): string {
  const seen = last_seen === null ? 'never seen' : `last seen ${day(last_seen)}`;
  return `${source} (${[seen, ...(disabled ? ['disabled'] : []), ...(absent ? ['no longer in it'] : [])].join(', ')})`;
}

function day(time: string): string {
  return time.slice(0, 10);
}

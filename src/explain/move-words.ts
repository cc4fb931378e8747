import type { Seconds } from '../kernel/time.ts';
import { at, instant } from '../kernel/words.ts';
import { DIRECTORY, type MachineMove } from '../leases/migrating.ts';
import { isCounted } from '../leases/state.ts';
import type { SeenStory } from '../leases/story.ts';
import { SLMGR } from '../products/scripts.ts';
import type { Explanation } from './explanation.ts';

/**
 * Adds what `leases.migrating` means for a machine: that it has moved, where to and since when, or that it has not. Of one
 * that the directory activates by its own word, nothing else is to be judged: its leases here are left to end.
 */
export function withMove(explanation: Explanation, story: SeenStory, now: Seconds): Explanation {
  const { move } = story;
  if (move === undefined) return explanation;
  const words = moveWords(story.machine, move, now);
  const isLeft = move.how === 'told' && areOver(story, move.at);
  const section = { title: 'The move', verdict: isLeft ? 'out_of_count' : 'unknown', paragraphs: [words] } as const;
  const sections = [section, ...explanation.sections];
  if (isLeft) return { ...explanation, verdict: 'out_of_count', headline: words, sections, actions: [] };
  const look = `If the move of ${story.machine} is in doubt: ${SLMGR} /dlv on it shows "AD Activation client information" after it.`;
  const actions = move.how === 'silent' ? [look, ...explanation.actions] : explanation.actions;
  return { ...explanation, sections, actions };
}

/** No lease that counts was used since. */
function areOver({ leases }: SeenStory, since: Seconds): boolean {
  return leases.every(({ state, lease }) => !isCounted(state) || lease.last.time <= since);
}

function moveWords(machine: string, { to, since, how, host, at: time }: MachineMove, now: Seconds): string {
  const where = to === DIRECTORY ? 'directory-based activation' : to;
  const when = at(time, now);
  const plan = `The move to ${where} began ${instant(since).slice(0, 10)} (leases.migrating).`;
  switch (how) {
    case 'told':
      return `${machine} has moved to ${where}: it said so ${when}. ${plan}`;
    case 'asks':
      return `${machine} has moved to ${where}: it has asked it since ${when}. ${plan}`;
    case 'silent':
      return (
        `${machine} seems to have moved to ${where}: it last asked ${host} ${when}, and nobody says how machines are ` +
        `activated. It may also be gone or broken. ${plan}`
      );
    default:
      return `${machine} has not moved to ${where}: it still renews at ${host}, last ${when}. ${plan}`;
  }
}

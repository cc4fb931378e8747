/** Which words of clients are about which lease, found by looking at all requests again. */
import type { LeaseRequest } from '../../src/leases/types.ts';
import { isOneMachine } from './reference-queries.ts';
import type { ModelWord, World } from './world.ts';

/** The words after each request of a lease, in their order. @param own its requests @param requests all of them, in order */
export function wordsAfter(
  world: World,
  requests: readonly LeaseRequest[],
  own: readonly LeaseRequest[],
  request: LeaseRequest,
): ModelWord[] {
  const about = world.words.filter((word) => {
    if (word.activationId !== request.activationId || !isSameMachine(world, word.machine, request.machine))
      return false;
    const before = (one: LeaseRequest) => one.time <= word.time;
    const byMachine = requests.filter(
      (one) => one.activationId === word.activationId && isSameMachine(world, word.machine, one.machine),
    );
    return byMachine.findLast(before) === request && own.findLast(before) === request;
  });
  return about.sort((a, b) => a.time - b.time || a.status - b.status || a.minutes - b.minutes);
}

/** By all that logs and words call machines: a bare name that fits one full name is that one. */
function isSameMachine({ records, words }: World, a: string, b: string): boolean {
  const names = [...records, ...words].map(({ machine }) => machine);
  const meant = (name: string) => {
    if (name.includes('.')) return name;
    const full = new Set(names.filter((other) => other.includes('.') && isOneMachine(name, other)));
    return full.size === 1 ? [...full][0] : name;
  };
  return meant(a) === meant(b);
}

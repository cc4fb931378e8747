import { distance } from 'fastest-levenshtein';
import { foldMachineName } from '../activations/machine-name.ts';
import { firstLabel } from '../kernel/host-name.ts';
import { sameMachine } from '../leases/machines.ts';

/** More slips than these are another name: two letters swapped are two. */
const MAX_SLIPS = 2;
/** Longer names are no machine's, and their distance would cost its square. */
const MAX_LENGTH = 253;

/**
 * Those of the known machine names that somebody may have meant, the likeliest first: another form of the same name,
 * then names that differ by a slip of the fingers, then names that contain what was asked.
 * @param known lower case; a preselection will do when there are very many
 */
export function similarNames(asked: string, known: Iterable<string>, limit: number): readonly string[] {
  const name = foldMachineName(asked.slice(0, MAX_LENGTH));
  const ranked: { name: string; rank: number }[] = [];
  for (const candidate of known) {
    const rank = rankOf(name, candidate);
    if (rank !== undefined) ranked.push({ name: candidate, rank });
  }
  ranked.sort((a, b) => a.rank - b.rank || (a.name < b.name ? -1 : 1));
  return ranked.slice(0, limit).map((each) => each.name);
}

function rankOf(asked: string, candidate: string): number | undefined {
  if (sameMachine(asked, candidate)) return 0;
  const slips = distance(firstLabel(asked), firstLabel(candidate));
  if (slips <= MAX_SLIPS) return 1 + slips;
  return asked.length > MAX_SLIPS && candidate.includes(asked) ? 2 + MAX_SLIPS : undefined;
}

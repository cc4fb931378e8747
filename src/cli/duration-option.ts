import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../kernel/duration.ts';

/** Reads the duration of an option (`30d`). @returns seconds */
export function seconds(text: string): number {
  const duration = parseDuration(text);
  if (!duration.ok) throw new InvalidArgumentError(duration.error);
  return duration.value / 1000;
}

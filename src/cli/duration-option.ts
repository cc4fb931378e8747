import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../kernel/duration.ts';
import { inSeconds, type Seconds } from '../kernel/time.ts';

/** Reads the duration of an option (`30d`). */
export function durationOption(text: string): Seconds {
  const duration = parseDuration(text);
  if (!duration.ok) throw new InvalidArgumentError(duration.error);
  return inSeconds(duration.value);
}

import { InvalidArgumentError, Option } from 'commander';

/** A day in ten seconds: what happens in a minute then still fits on a page. */
const FASTEST = 8640;

/** How many times as fast as in earnest days pass. */
export function speedOption(): Option {
  return new Option('--speed <n>', 'how much faster time passes: with 1440, a day takes a minute')
    .default(1)
    .argParser(parseSpeed);
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || speed < 1 || speed > FASTEST) {
    throw new InvalidArgumentError(`must be a number from 1 to ${FASTEST}, for example 1440 for a day per minute`);
  }
  return speed;
}

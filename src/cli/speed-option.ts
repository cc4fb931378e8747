import { InvalidArgumentError, Option } from 'commander';

/** A day in ten seconds: what happens in a minute then still fits on a page. */
const FASTEST = 8640;

/** How many times as fast as in earnest days pass. */
export function speedOption(): Option {
  return new Option('--speed <n>', 'how many times as fast days pass: 1440 makes a day of a minute')
    .default(1)
    .argParser(parseSpeed);
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || speed < 1 || speed > FASTEST) {
    throw new InvalidArgumentError(`must be a number from 1 to ${FASTEST}, such as 1440 for a day in a minute`);
  }
  return speed;
}

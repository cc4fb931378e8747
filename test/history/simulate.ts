import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { demoFleet } from '../../src/demo/fleet/demo-fleet.ts';
import { END, scraped } from './open-metrics.ts';
import { type Look, WatchedDemo } from './watched-demo.ts';

/** A part of the past that was scraped at one pace, up to where the next one begins. */
export interface Stretch {
  /** Seconds before the end. */
  readonly from: number;
  /** Seconds between two scrapes. */
  readonly every: number;
}

/** A stretch that waits to be simulated. */
export interface Unwritten {
  /** Simulates it into a file of OpenMetrics. @returns its last look */
  write(file: string): Promise<Look>;
}

/**
 * The demo's estate over some stretches, each to be written before the next one is asked for.
 * @param end in simulated time, seconds since the epoch
 * @param shift seconds from simulated time to that of the samples
 */
export function* simulate(end: number, shift: number, stretches: readonly Stretch[]): Iterable<Unwritten> {
  const demo = new WatchedDemo(demoFleet(end * 1000), end);
  // Real time passes during the simulation, and samples that are too old at its end are not trusted.
  const now = (): number => Math.floor(Date.now() / 1000) - shift;
  for (const [index, { from, every }] of stretches.entries()) {
    const next = stretches[index + 1];
    const until = next === undefined ? now : () => end - next.from;
    yield { write: (file) => writeStretch(demo, file, { from: end - from, until, every, shift }) };
  }
}

interface Span {
  readonly from: number;
  /** Included. */
  readonly until: () => number;
  readonly every: number;
  readonly shift: number;
}

async function writeStretch(demo: WatchedDemo, file: string, { from, until, every, shift }: Span): Promise<Look> {
  if (demo.now < from) demo.skip(from);
  const out = createWriteStream(file);
  let look: Look | undefined;
  for (let at = from + every; at <= until(); at += every) {
    look = await demo.look(at);
    if (!out.write([...scraped(look, shift)].join(''))) await once(out, 'drain');
  }
  out.end(END);
  await once(out, 'finish');
  if (look === undefined) throw new RangeError('a stretch is shorter than its pace');
  return look;
}

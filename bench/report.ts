import { cpus, totalmem } from 'node:os';

/** One line of a result: the measurement, its value, and its upper bar. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly bar?: string;
}

export function machine(): string {
  const [first] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return `${cpus().length} x ${first?.model.trim() ?? 'unknown CPU'}, ${memory}, ${process.platform}, Node ${process.versions.node}`;
}

/** A table that shows at once which values exceed their bars; the bench itself judges nothing. */
export function print(title: string, figures: readonly Figure[]): void {
  const what = Math.max(...figures.map((figure) => figure.what.length));
  const value = Math.max(...figures.map((figure) => figure.value.length));
  say(`\n${title}`);
  for (const figure of figures) {
    const bar = figure.bar === undefined ? '' : `   bar: ${figure.bar}`;
    say(`  ${figure.what.padEnd(what)}  ${figure.value.padStart(value)}${bar}`);
  }
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function microseconds(seconds: number): string {
  return `${(seconds * 1e6).toFixed(0)} µs`;
}

export function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}

export function mebibytes(count: number): string {
  return `${count.toFixed(1)} MiB`;
}

export function ratio(value: number): string {
  return value.toFixed(2);
}

import type { Terminal } from './terminal.ts';
import { REDRAW } from './visible.ts';

const WIDTH = 30;
/** Milliseconds between two drawings. */
const PACE = 100;

/** How far a file has been read, on a terminal only; on standard error, so that results stay clean. */
export class ProgressBar {
  readonly #name: string;
  readonly #total: number | undefined;
  readonly #terminal: Terminal;
  #done = 0;
  #drawn = 0;

  /** @param total bytes; undefined if unknown */
  constructor(name: string, total: number | undefined, terminal: Terminal) {
    this.#name = name;
    this.#total = total;
    this.#terminal = terminal;
  }

  advance(octets: number): void {
    this.#done += octets;
    const now = performance.now();
    if (!this.#terminal.interactive || now - this.#drawn < PACE) return;
    this.#drawn = now;
    this.#terminal.error(REDRAW + this.#text());
  }

  clear(): void {
    if (this.#drawn > 0) this.#terminal.error(REDRAW);
  }

  #text(): string {
    const read = `${(this.#done / 2 ** 20).toFixed(1)} MiB`;
    if (this.#total === undefined || this.#total === 0) return `${this.#name}  ${read}`;
    const share = Math.min(this.#done / this.#total, 1);
    const filled = Math.round(share * WIDTH);
    const bar = '\u2588'.repeat(filled) + '\u2591'.repeat(WIDTH - filled);
    return `${this.#name}  ${bar} ${Math.floor(share * 100)} %  ${read}`;
  }
}

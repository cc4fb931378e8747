/** Milliseconds of CPU time: long enough that the scheduler has had its say. */
const WORK = 100;

/**
 * How many times longer work takes than on a machine that does nothing else, right now: 1 or more. For the few tests of
 * how soon the agent does something, whose limits grow with it.
 */
export function slowness(): number {
  const start = performance.now();
  const busy = process.threadCpuUsage();
  for (;;) {
    const { user, system } = process.threadCpuUsage(busy);
    const used = (user + system) / 1000;
    if (used >= WORK) return Math.max(1, (performance.now() - start) / used);
  }
}

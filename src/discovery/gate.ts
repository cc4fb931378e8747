/** Runs what it is given, so many at once; what comes when it is full waits its turn. */
export type Gate = <T>(work: () => Promise<T>) => Promise<T>;

export function createGate(limit: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place goes from one to the next, so that nobody slips in between.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}

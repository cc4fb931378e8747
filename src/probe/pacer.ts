/**
 * Lets a given number through in one turn of the event loop and makes the others wait for the next, in their order.
 * Hundreds of connections that are opened in one turn come back together too, and each such wave holds up
 * everything else in the process for as long as it takes to work off.
 */
export function createPacer(limit: number): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let passed = 0;
  const nextTurn = (): void => {
    const next = waiting.splice(0, limit);
    passed = next.length;
    if (passed > 0) setImmediate(nextTurn);
    for (const pass of next) pass();
  };
  return async () => {
    if (passed === 0) setImmediate(nextTurn);
    passed += 1;
    if (passed > limit) await new Promise<void>((resolve) => waiting.push(resolve));
  };
}

import { setFlags } from '../kernel/v8-flags.ts';

/** Flags of V8 for a process that runs for months. */
export const MEMORY_FLAGS = [
  // A young generation that does not grow: a tenth more CPU time in the first second, a sixth less memory ever after.
  '--semi-space-growth-factor=1',
  // For threads that are still to come, one of a size that what a batch of records needs dies in.
  '--min-semi-space-size=2',
  // Nor an old one that is four times as large as what is in use before it is cleared: half as much again is enough.
  '--heap-growing-percent=50',
  // And while the old one is marked the young one is cleared as ever, in place of growing by 15 MB until the end of it.
  '--no-separate-gc-phases',
];

/** Has V8 take less memory from now on. For the agent alone: a command ends before it pays. */
export function saveMemory(): void {
  setFlags(MEMORY_FLAGS);
}

import { ACTIVATION_RESULTS, type ActivationResult } from './activation-results.ts';

const OTHER = {
  label: 'other',
  meaning: 'kmswatch does not know this code.',
  remedy: 'Run slui.exe 0x2a CODE on a Windows with a desktop (Server Core has no slui) to see its meaning.',
} satisfies ActivationResult;

/** The value of the label `result` for an HRESULT (0 to 2^32 - 1). */
export function resultOf(hresult: number): string {
  return (ACTIVATION_RESULTS.get(hresult) ?? OTHER).label;
}

/** The meaning of an HRESULT, and its remedies. */
export function explainResult(hresult: number): ActivationResult {
  return ACTIVATION_RESULTS.get(hresult) ?? OTHER;
}

/** Every value that the label `result` can have. */
export const RESULT_LABELS: readonly string[] = [
  ...new Set([...ACTIVATION_RESULTS.values()].map((result) => result.label)),
];

/** The same by its label, with the number where it has one. */
export function resultCalled(label: string): ActivationResult & { readonly hresult?: number } {
  const [hresult, result] = [...ACTIVATION_RESULTS].find(([, each]) => each.label === label) ?? [];
  return hresult === undefined || result === undefined ? OTHER : { ...result, hresult };
}

/** As Windows prints it: `0xC004F038`. */
export function formatHresult(hresult: number): string {
  return hresult === 0 ? '0x0' : `0x${hresult.toString(16).toUpperCase().padStart(8, '0')}`;
}

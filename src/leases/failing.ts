/** Fewer failures in an hour say nothing of a host. */
export const FAILING_LEAST = 5;

/** The share of requests that failed. @returns undefined for fewer failures than `FAILING_LEAST` */
export function failedRatio(requests: number, failed: number): number | undefined {
  return failed < FAILING_LEAST ? undefined : failed / requests;
}

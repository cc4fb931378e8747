/** Whether a machine is activated, as far as kmswatch can see; the worst of its products. */
export type Verdict = 'not_activated' | 'at_risk' | 'unknown' | 'activated' | 'out_of_count';

/** Worst first. */
export const VERDICTS: readonly Verdict[] = ['not_activated', 'at_risk', 'unknown', 'activated', 'out_of_count'];

/** Why a machine is or is not activated, for a person. Plain data: the command line and the status page show the same. */
export interface Explanation {
  /** The machine's name. */
  readonly client: string;
  readonly verdict: Verdict;
  /** A sentence, or two. */
  readonly headline: string;
  /** What happened and why: a section per product, the worst first, then the machine; for a clone, the machine first. */
  readonly sections: readonly Section[];
  /** In the order in which to do it; empty when there is nothing to do. */
  readonly actions: readonly string[];
  readonly evidence: readonly EvidenceTable[];
  /** A log that matters is still coming in: nothing is judged, and the evidence is that of a part. */
  readonly isPart?: true;
}

export interface Section {
  readonly title: string;
  readonly verdict: Verdict;
  readonly paragraphs: readonly string[];
}

export interface EvidenceTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

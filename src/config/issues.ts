import type { z } from 'zod';
import type { Path } from './mistakes.ts';

/** A mistake before it has a place in the file. */
export interface Finding {
  readonly path: Path;
  /** The kind of place: a key that should not be there, or a value. */
  readonly part: 'key' | 'value';
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** Flattens what zod found: one finding a key, and of a union only what concerns the form that was meant. */
export function* findingsOf(issues: readonly Issue[], above: Path = []): Iterable<Finding> {
  for (const issue of issues) {
    const path = [...above, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      const messages = issue.message.split('\n');
      for (const [index, key] of issue.keys.entries()) {
        yield { path: [...path, key], part: 'key', message: messages[index] ?? issue.message };
      }
      continue;
    }
    const meant = issue.code === 'invalid_union' ? meantForm(issue.errors) : undefined;
    if (meant !== undefined) yield* findingsOf(meant, path);
    else yield { path, part: 'value', message: issue.message };
  }
}

/** Of the forms that a value may have, the only one that is of the value's own type; a fixed word is no form of another. */
function meantForm(forms: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = forms.filter(
    (issues) =>
      !issues.some(({ code, path }) => path.length === 0 && (code === 'invalid_type' || code === 'invalid_value')),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

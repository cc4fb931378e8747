import type { Path } from './mistakes.ts';

/**
 * Keys whose function comes with a later version. They are checked like all others and then refused, so that nobody
 * believes that something is watched which is not. A version that brings a function removes its entry.
 */
export const NOT_YET = ['hosts[].report', 'hosts[].activations', 'reports', 'notify'] as const;

export const NOT_AVAILABLE = 'not available in this version';

/** Where keys of the list stand in a file's plain values. */
export function notYetIn(value: unknown): Path[] {
  return NOT_YET.flatMap((key) => [...placesOf(value, stepsOf(key), [])]);
}

/** The plain values without the keys of the list. */
export function withoutNotYet(value: unknown): unknown {
  const paths = NOT_YET.map(stepsOf);
  const strip = (inner: unknown, under: readonly (readonly string[])[]): unknown => {
    if (Array.isArray(inner)) return inner.map((item) => strip(item, below(under, '[]')));
    if (!isRecord(inner)) return inner;
    const kept = Object.entries(inner).filter(
      ([key]) => !under.some((steps) => steps.length === 1 && steps[0] === key),
    );
    return Object.fromEntries(kept.map(([key, item]) => [key, strip(item, below(under, key))]));
  };
  return strip(value, paths);
}

function* placesOf(value: unknown, steps: readonly string[], path: Path): Iterable<Path> {
  const [step, ...rest] = steps;
  if (step === undefined) yield path;
  else if (step === '[]') {
    for (const [index, item] of Array.isArray(value) ? value.entries() : [])
      yield* placesOf(item, rest, [...path, index]);
  } else if (isRecord(value) && value[step] !== undefined) {
    yield* placesOf(value[step], rest, [...path, step]);
  }
}

/** `hosts[].report` as `hosts`, `[]`, `report`. */
function stepsOf(key: string): string[] {
  return key.replaceAll('[]', '.[]').split('.');
}

function below(paths: readonly (readonly string[])[], step: string): (readonly string[])[] {
  return paths.filter((steps) => steps[0] === step).map((steps) => steps.slice(1));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

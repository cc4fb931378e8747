import { HIDDEN } from '../kernel/secret.ts';

/** A host's own words as one line for a person: controls, marks of direction and line ends become spaces. */
export function oneLine(text: string, limit: number): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > limit ? `${line.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
}

/** A host may say anything, what it was sent included. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => (secret === '' ? shown : shown.replaceAll(secret, HIDDEN)), text);
}

/** A copy of the text: a kept slice of an answer would keep the whole answer in memory. */
export function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

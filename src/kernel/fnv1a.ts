/** A hash of a text that scatters texts which differ little (FNV-1a); a whole number of 32 bits with a sign. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

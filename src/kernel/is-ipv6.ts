import { isIPv6 as matchesIPv6 } from 'node:net';

/** As that of Node, whose expression takes milliseconds to compile: most programs never see a text that needs it. */
export function isIPv6(text: string): boolean {
  return text.includes(':') && matchesIPv6(text);
}

import { DAY, HOUR, MINUTE } from '../kernel/duration.ts';

/** The classes of products as administrators call them. */
const CLASS_WORDS: Readonly<Record<string, string>> = {
  client: 'Windows clients',
  server: 'Windows Server',
  office: 'Office',
  unknown: 'unknown products',
};

export function classWords(cls: string): string {
  return CLASS_WORDS[cls] ?? cls;
}

/** `1 lease`, `2 leases`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A span of time in its two largest units, such as `3 days 4 h`. @param seconds at least 0 */
export function span(seconds: number): string {
  const minutes = Math.round((seconds * 1000) / MINUTE);
  const days = Math.floor((minutes * MINUTE) / DAY);
  const hours = Math.floor(((minutes * MINUTE) % DAY) / HOUR);
  if (days >= 3) return counted(days, 'day');
  if (days > 0) return hours === 0 ? counted(days, 'day') : `${counted(days, 'day')} ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** `2026-11-24 03:00 UTC`. @param seconds since the epoch */
export function dateOf(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `12.5 %`. @param share from 0 to 1 */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** The same in an alert's template. */
export const CLASS_TEMPLATE =
  '{{ if eq $labels.class "client" }}Windows clients{{ else if eq $labels.class "server" }}Windows Server{{ else if eq $labels.class "office" }}Office{{ else }}unknown products{{ end }}';

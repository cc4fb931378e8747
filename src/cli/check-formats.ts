import { formatJson } from './check-json.ts';
import { formatNagios } from './check-nagios.ts';
import type { Report } from './check-status.ts';
import { formatTable } from './check-table.ts';

export const FORMATS = ['table', 'json', 'nagios'] as const;
export type Format = (typeof FORMATS)[number];

const WRITERS: Readonly<Record<Format, (report: Report, color: boolean) => string>> = {
  table: formatTable,
  json: formatJson,
  nagios: formatNagios,
};

export function formatReport(format: Format, report: Report, color: boolean): string {
  return WRITERS[format](report, color);
}

import { type Columns, cellOf } from './columns.ts';

const YES = /^(?:true|yes|y|1|-1|x|wahr|ja|vrai|oui|verdadero|sí|si|vero|waar|sim|enabled|on)$/i;
const NO = /^(?:false|no|n|0|falsch|nein|faux|non|falso|onwaar|nee|não|disabled|off)$/i;
/** Words for a machine that is out of use. Inactive, offline and disconnected are not: they only mean that it is silent. */
const OUT_OF_USE =
  /\b(?:disabled|retired|obsolete|decommission(?:ed)?|deleted|disposed|scrapped|end of life|deaktiviert|ausgemustert|stillgelegt|verschrottet|désactivé|réformé|mis au rebut|deshabilitado|retirado)(?!\p{L})/iu;
const NEGATED = /\b(?:not|non|un|never|nicht|to be|pending|planned)\b/i;
/** ADS_UF_ACCOUNTDISABLE (MS-ADTS 2.2.16). */
const ACCOUNT_DISABLED = 2;

/** True if the row says that the machine is disabled, retired, obsolete or decommissioned. */
export function isDisabled(cells: readonly string[], columns: Columns): boolean {
  if (NO.test(cellOf(cells, columns, 'enabled'))) return true;
  const flags = cellOf(cells, columns, 'account_flags');
  if (/^\d+$/.test(flags) && (Number(flags) & ACCOUNT_DISABLED) !== 0) return true;
  if ((columns.get('disabled') ?? []).some((index) => YES.test(cells[index]?.trim() ?? ''))) return true;
  return (columns.get('status') ?? []).some((index) => saysOutOfUse(cells[index]?.trim() ?? ''));
}

function saysOutOfUse(text: string): boolean {
  return text.length <= 64 && OUT_OF_USE.test(text) && !NEGATED.test(text);
}

/** What a host answers, by the names of slerror.h. */
const NAMES = new Map<number, string>([
  [0, 'ok'],
  [0x4004f040, 'sl_e_vl_info_product_user_right'],
  [0xc004f035, 'sl_e_vl_not_windows_slp'],
  [0xc004f038, 'sl_e_vl_not_enough_count'],
  [0xc004f039, 'sl_e_vl_binding_service_not_enabled'],
  [0xc004f041, 'sl_e_vl_key_management_service_not_activated'],
  [0xc004f042, 'sl_e_vl_key_management_service_id_mismatch'],
  [0xc004f050, 'sl_e_invalid_product_key'],
  [0xc004f051, 'sl_e_blocked_product_key'],
  [0xc004f056, 'sl_e_vl_machine_not_bound'],
  [0xc004f06c, 'sl_e_vl_invalid_timestamp'],
  [0xc004f074, 'sl_e_vl_binding_service_unavailable'],
]);

/** The name of an HRESULT in lower case: `ok` for 0, `other` for one without a name. */
export function resultName(hresult: number): string {
  return NAMES.get(hresult) ?? 'other';
}

/** SL_LICENSING_STATUS, in the order of its numbers. */
const STATUSES = [
  'unlicensed',
  'licensed',
  'oob_grace',
  'oot_grace',
  'non_genuine_grace',
  'notification',
  'extended_grace',
] as const;

export function licenseStatusName(status: number): string {
  return STATUSES[status] ?? 'unlicensed';
}

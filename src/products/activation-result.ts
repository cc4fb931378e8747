/** What a host answered, or what a client found, in words. Names: slerror.h; causes: Microsoft's KMS error code lists. */
export interface ActivationResult {
  /** The value of the label `result`. */
  readonly label: string;
  readonly meaning: string;
  /** What an administrator can do about it; empty when there is nothing to do. */
  readonly remedy: string;
}

/** Codes without a name of their own have the label `other`. */
const RESULTS: ReadonlyMap<number, ActivationResult> = new Map([
  [
    0,
    {
      label: 'ok',
      meaning: 'The host took the request. Whether the client is activated depends on the count that it was told.',
      remedy: '',
    },
  ],
  [
    0xc004f038,
    {
      label: 'sl_e_vl_not_enough_count',
      meaning: 'The host has not seen enough different clients in 30 days.',
      remedy: 'Bring more clients to this host: 25 for Windows clients, 5 for Windows Server and for Office.',
    },
  ],
  [
    0xc004f039,
    {
      label: 'sl_e_vl_binding_service_not_enabled',
      meaning: 'The machine that was asked does not run the Key Management Service.',
      remedy: 'See that the host has a host key, that its service runs and that TCP 1688 reaches it.',
    },
  ],
  [
    0xc004f041,
    {
      label: 'sl_e_vl_key_management_service_not_activated',
      meaning: 'The host is not activated itself.',
      remedy: 'Activate the host: slmgr /ato there, online or by telephone.',
    },
  ],
  [
    0xc004f042,
    {
      label: 'sl_e_vl_key_management_service_id_mismatch',
      meaning: "The host's key does not cover this product.",
      remedy: 'Install a host key that covers it, after the update that it needs, or point the client at another host.',
    },
  ],
  [
    0xc004f050,
    {
      label: 'sl_e_invalid_product_key',
      meaning: 'The product key is not valid.',
      remedy: 'Type the key again; a key of a pre-release does not fit a release.',
    },
  ],
  [
    0xc004f051,
    {
      label: 'sl_e_blocked_product_key',
      meaning: 'The product key is blocked.',
      remedy: 'Get a new key from the volume licensing portal.',
    },
  ],
  [
    0xc004f056,
    {
      label: 'sl_e_vl_machine_not_bound',
      meaning: 'The client could not be activated by KMS, and what it had has lapsed.',
      remedy: 'Run slmgr /ato on the client and read the code that it gives then.',
    },
  ],
  [
    0xc004f06b,
    {
      label: 'sl_e_vl_key_management_service_vm_not_supported',
      meaning: 'The Key Management Service does not run in this kind of virtual machine.',
      remedy: 'Move the host to physical hardware or to a hypervisor that it supports.',
    },
  ],
  [
    0xc004f06c,
    {
      label: 'sl_e_vl_invalid_timestamp',
      meaning: "The client's clock and the host's are more than four hours apart.",
      remedy: 'Correct the clock that is wrong (UTC counts, not the time zone); if both are right, update the host.',
    },
  ],
  [
    0xc004f074,
    {
      label: 'sl_e_vl_binding_service_unavailable',
      meaning: 'The client reached no host.',
      remedy: "Look at DNS and TCP 1688, and at the client's events 12288, one for each host that it tried.",
    },
  ],
  [
    0xc004f035,
    {
      label: 'sl_e_vl_not_windows_slp',
      meaning: 'The machine has no licence for Windows that a volume licence could build on.',
      remedy: 'Use a machine that came with Windows, or a key of another kind (MAK, retail).',
    },
  ],
  [
    0x4004f040,
    {
      label: 'sl_e_vl_info_product_user_right',
      meaning: 'The product is activated.',
      remedy: 'Check that it is used as its licence allows.',
    },
  ],
  [
    0xc004f00f,
    {
      label: 'other',
      meaning: 'The hardware has changed too much.',
      remedy: 'Restart the client or run slmgr /ato there.',
    },
  ],
  [
    0xc004f014,
    {
      label: 'other',
      meaning: 'No product key is installed.',
      remedy: "Install the edition's KMS client setup key on the client: slmgr /ipk KEY.",
    },
  ],
  [
    0xc004f015,
    {
      label: 'other',
      meaning: 'The licence is not installed.',
      remedy: 'Update the host so that it knows this version of Windows, and install the setup key again.',
    },
  ],
  [
    0xc004c008,
    {
      label: 'other',
      meaning: "The host key's activations are used up: six hosts, ten times each.",
      remedy: "Call Microsoft's activation centre.",
    },
  ],
  [
    0x8007232b,
    {
      label: 'other',
      meaning: 'The name does not exist in DNS.',
      remedy: 'Publish the _vlmcs._tcp record in the domain, or name the host on the client: slmgr /skms HOST.',
    },
  ],
  [0x80070005, { label: 'other', meaning: 'Access was denied.', remedy: 'Run the command again as an administrator.' }],
  [
    0x800706ba,
    {
      label: 'other',
      meaning: 'The RPC server cannot be reached.',
      remedy: "Open TCP 1688 in the host's firewall, and remove records of hosts that are gone from DNS.",
    },
  ],
]);

const OTHER = {
  label: 'other',
  meaning: 'A code that kmswatch does not know.',
  remedy: 'slui.exe 0x2a CODE on Windows shows what it means.',
} satisfies ActivationResult;

/** The value of the label `result` for an HRESULT (0 to 2^32 - 1). */
export function resultOf(hresult: number): string {
  return (RESULTS.get(hresult) ?? OTHER).label;
}

/** What an HRESULT means and what can be done. */
export function explainResult(hresult: number): ActivationResult {
  return RESULTS.get(hresult) ?? OTHER;
}

/** Every value that the label `result` can have. */
export const RESULT_LABELS: readonly string[] = [...new Set([...RESULTS.values()].map((result) => result.label))];

/** As Windows prints it: `0xC004F038`. */
export function formatHresult(hresult: number): string {
  return hresult === 0 ? '0x0' : `0x${hresult.toString(16).toUpperCase().padStart(8, '0')}`;
}

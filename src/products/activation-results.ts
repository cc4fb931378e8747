import { SLMGR } from './scripts.ts';

/** A result of a host or a client, in words. Names: slerror.h; causes: Microsoft's KMS error code lists. */
export interface ActivationResult {
  /** The value of the label `result`. */
  readonly label: string;
  readonly meaning: string;
  /** Remedies; empty if there is nothing to do. */
  readonly remedy: string;
}

const PUBLISH =
  'Publish the _vlmcs._tcp record in the domain. To name the host on the client instead, run slmgr /skms HOST; it then looks for no other host until slmgr /ckms.';
const REACH = "Open TCP port 1688 in the host's firewall, and remove DNS records of hosts that are gone.";

/** Codes without a name have the label `other`. */
export const ACTIVATION_RESULTS: ReadonlyMap<number, ActivationResult> = new Map([
  [
    0,
    {
      label: 'ok',
      meaning: 'The host accepted the request. The client activates if the count in the answer is high enough.',
      remedy: '',
    },
  ],
  [
    0xc004f038,
    {
      label: 'sl_e_vl_not_enough_count',
      meaning: 'The host has not seen enough different clients in 30 days.',
      remedy: 'Have more clients ask this host: 25 for Windows clients, 5 for Windows Server and for Office.',
    },
  ],
  [
    0xc004f039,
    {
      label: 'sl_e_vl_binding_service_not_enabled',
      meaning: 'The machine does not run the Key Management Service.',
      remedy: 'Check that the host has a host key, that its service runs, and that TCP port 1688 is reachable.',
    },
  ],
  [
    0xc004f041,
    {
      label: 'sl_e_vl_key_management_service_not_activated',
      meaning: 'The host itself is not activated.',
      remedy: `Activate the host: run slmgr /ato there, or by telephone ${SLMGR} /dti and slmgr /atp, each with the activation id of the key.`,
    },
  ],
  [
    0xc004f042,
    {
      label: 'sl_e_vl_key_management_service_id_mismatch',
      meaning: "The host's key does not cover this product.",
      remedy:
        'Install a host key that covers it (the host may need an update first), or send the client to another host.',
    },
  ],
  [
    0xc004f050,
    {
      label: 'sl_e_invalid_product_key',
      meaning: 'The product key is not valid.',
      remedy: 'Type the key again. A pre-release key does not work for a release.',
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
      meaning: 'KMS could not activate the client, and its previous activation has lapsed.',
      remedy: `On the client: ${SLMGR} /ato, and look up the code that it shows.`,
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
      remedy: 'Correct the wrong clock (UTC matters, the time zone does not). If both are right, update the host.',
    },
  ],
  [
    0xc004f074,
    {
      label: 'sl_e_vl_binding_service_unavailable',
      meaning: 'The client could not reach any host.',
      remedy: "Check DNS and TCP port 1688, and the client's events 12288: there is one for each host it tried.",
    },
  ],
  [
    0xc004f035,
    {
      label: 'sl_e_vl_not_windows_slp',
      meaning: 'The machine has no qualifying Windows licence that a volume licence could upgrade.',
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
      remedy: 'Update the host so that it supports this version of Windows, and install the setup key again.',
    },
  ],
  [
    0xc004c008,
    {
      label: 'other',
      meaning: 'The activations of the host key are used up: six hosts, ten times each.',
      remedy: "Call Microsoft's activation centre.",
    },
  ],
  [
    0x8007232b,
    {
      label: 'other',
      meaning: 'The name does not exist in DNS.',
      remedy: PUBLISH,
    },
  ],
  [0x80070005, { label: 'other', meaning: 'Access was denied.', remedy: 'Run the command again as an administrator.' }],
  [
    0x800706ba,
    {
      label: 'other',
      meaning: 'The RPC server cannot be reached.',
      remedy: REACH,
    },
  ],
  [
    0xc004f081,
    {
      label: 'other',
      meaning: 'Active Directory holds no activation object for this product.',
      remedy: 'Create one with the Volume Activation Tools, or let the client use KMS.',
    },
  ],
  [
    0xc004f082,
    {
      label: 'other',
      meaning: 'The name of the activation object in Active Directory is too long.',
      remedy: 'Give the activation object a shorter name.',
    },
  ],
  [
    0xc004f083,
    {
      label: 'other',
      meaning: 'The Active Directory schema is too old for Active Directory-based activation.',
      remedy: 'Extend the schema to Windows Server 2012 or later, or let the client use KMS.',
    },
  ],
  [
    0x8007232a,
    {
      label: 'other',
      meaning: 'The DNS server failed.',
      remedy: 'Look at the DNS server. kmswatch check asks each one.',
    },
  ],
  [0x8007251d, { label: 'other', meaning: 'The name exists in DNS, but has no SRV record.', remedy: PUBLISH }],
  [0x80092328, { label: 'other', meaning: 'The name does not exist in DNS.', remedy: PUBLISH }],
  [0x8007007b, { label: 'other', meaning: 'DNS has no usable host name.', remedy: PUBLISH }],
  [
    0x8007267c,
    {
      label: 'other',
      meaning: 'The client has no DNS server.',
      remedy: "Check the client's network settings: ipconfig /all.",
    },
  ],
  [0xc0020017, { label: 'other', meaning: 'The RPC server cannot be reached.', remedy: REACH }],
  [
    0x8007139f,
    {
      label: 'other',
      meaning: 'The client cannot reach a host, or its licensing service hangs.',
      remedy: 'Restart the service sppsvc on the client, then slmgr /ato.',
    },
  ],
  [
    0x8007000d,
    {
      label: 'other',
      meaning: 'The data of the licensing service cannot be read.',
      remedy: 'Run slmgr as an administrator, and restart the service sppsvc.',
    },
  ],
]);

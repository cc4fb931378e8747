import { hex } from './words.ts';

/** What an HRESULT of activation means, and what to do about it. */
export interface ResultText {
  /** As Microsoft's slerror.h or winerror.h name it; empty when it is not known for certain. */
  readonly name: string;
  /** A whole sentence. */
  readonly meaning: string;
  /** What to do, a whole sentence. */
  readonly remedy: string;
}

const NO_SRV =
  'On the client: nslookup -type=srv _vlmcs._tcp.DOMAIN. Publish the record, or name the host by slmgr /skms HOST.';
const PORT = 'Open TCP 1688 to the host (rule SPPSVC-In-TCP), and see that sppsvc runs there: kmswatch check.';

/**
 * Results of the host (12290) and of the client (12288, 12289, 8198). Names from slerror.h, causes from Microsoft,
 * "Resolve Windows activation error codes" and "Troubleshoot KMS".
 */
export const RESULTS: ReadonlyMap<number, ResultText> = new Map([
  [
    0xc004f038,
    {
      name: 'SL_E_VL_NOT_ENOUGH_COUNT',
      meaning: 'The host has not counted enough clients in the last 30 days: Windows needs 25, Server and Office 5.',
      remedy: 'Have more machines ask this one host; clones with one client id count once.',
    },
  ],
  [
    0xc004f039,
    {
      name: 'SL_E_VL_BINDING_SERVICE_NOT_ENABLED',
      meaning: 'The KMS service did not answer.',
      remedy: PORT,
    },
  ],
  [
    0xc004f041,
    {
      name: 'SL_E_VL_KEY_MANAGEMENT_SERVICE_NOT_ACTIVATED',
      meaning: 'The host itself is not activated, so it activates nobody.',
      remedy: 'On the host: slmgr /dlv, then slmgr /ato, or activate it by telephone (slui 4).',
    },
  ],
  [
    0xc004f042,
    {
      name: 'SL_E_VL_KEY_MANAGEMENT_SERVICE_ID_MISMATCH',
      meaning: "The host's key does not cover this product: the key is older than the product, or of another family.",
      remedy:
        'Install the host key that covers the product (slmgr /ipk on the host), or point the client to a host with it.',
    },
  ],
  [
    0xc004f050,
    {
      name: 'SL_E_INVALID_PRODUCT_KEY',
      meaning: 'The product key is not valid.',
      remedy: 'Enter the key again; on a client, its KMS client setup key: slmgr /ipk KEY.',
    },
  ],
  [
    0xc004f051,
    {
      name: 'SL_E_BLOCKED_PRODUCT_KEY',
      meaning: 'Microsoft has blocked the product key.',
      remedy: 'Install another key: slmgr /ipk KEY.',
    },
  ],
  [
    0xc004f056,
    {
      name: 'SL_E_VL_MACHINE_NOT_BOUND',
      meaning: 'The machine could not be activated by KMS, or its activation has lapsed.',
      remedy: 'On the client: slmgr /ato, and then event 12288 in its Application log.',
    },
  ],
  [
    0xc004f06b,
    {
      name: 'SL_E_VL_KEY_MANAGEMENT_SERVICE_VM_NOT_SUPPORTED',
      meaning: 'KMS does not work in this mode of the virtual machine.',
      remedy: 'Run the host on a machine or a kind of virtual machine that Microsoft supports for it.',
    },
  ],
  [
    0xc004f06c,
    {
      name: 'SL_E_VL_INVALID_TIMESTAMP',
      meaning: "The host refused the request's time stamp: the clocks differ by more than 4 hours.",
      remedy:
        'Set the clocks right on client and host: w32tm /resync. They are compared in UTC, whatever the time zone.',
    },
  ],
  [
    0xc004f074,
    {
      name: 'SL_E_VL_BINDING_SERVICE_UNAVAILABLE',
      meaning: 'The client tried every host that it knows, and all failed.',
      remedy: 'Look at each event 12288 of that attempt on the client: it names the host and the reason.',
    },
  ],
  [
    0xc004f00f,
    {
      name: '',
      meaning: 'The hardware has changed by more than is tolerated.',
      remedy: 'Restart the client, or slmgr /ato on it.',
    },
  ],
  [
    0xc004f035,
    {
      name: 'SL_E_VL_NOT_WINDOWS_SLP',
      meaning: 'The computer came without a Windows licence that volume licensing could build on.',
      remedy: 'Check how the computer is licensed; activate it with a MAK or a retail key.',
    },
  ],
  [
    0xc004f014,
    {
      name: '',
      meaning: 'No product key is installed.',
      remedy: 'Install the KMS client setup key of the edition: slmgr /ipk KEY, then slmgr /ato.',
    },
  ],
  [
    0xc004f015,
    {
      name: '',
      meaning: 'The licence of this product is not installed.',
      remedy: 'Update the host, and install a key that knows the product.',
    },
  ],
  [
    0xc004c008,
    {
      name: '',
      meaning: 'The host key has been activated as often as it may: 6 hosts, 10 times each.',
      remedy: 'Call the Microsoft activation centre (slui 4 on the host).',
    },
  ],
  [
    0x4004f040,
    {
      name: 'SL_E_VL_INFO_PRODUCT_USER_RIGHT',
      meaning: 'It is activated; Microsoft only reminds of the use rights.',
      remedy: 'Nothing to do.',
    },
  ],
  [
    0xc004f081,
    {
      name: '',
      meaning: 'Active Directory holds no activation object for this product.',
      remedy: 'Create one with the Volume Activation Tools, or leave the client to KMS.',
    },
  ],
  [
    0xc004f082,
    {
      name: '',
      meaning: 'The name of the activation object in Active Directory is too long.',
      remedy: 'Give the activation object a shorter name.',
    },
  ],
  [
    0xc004f083,
    {
      name: '',
      meaning: 'The schema of Active Directory is too old for activation by it.',
      remedy: 'Extend the schema to Windows Server 2012 or later, or leave the client to KMS.',
    },
  ],
  [
    0x8007232b,
    {
      name: 'DNS_ERROR_RCODE_NAME_ERROR',
      meaning: 'The client finds no SRV record: the name does not exist.',
      remedy: NO_SRV,
    },
  ],
  [
    0x8007232a,
    {
      name: 'DNS_ERROR_RCODE_SERVER_FAILURE',
      meaning: 'The DNS server failed.',
      remedy: 'Look at the DNS server; kmswatch check asks each one.',
    },
  ],
  [
    0x8007251d,
    {
      name: 'DNS_INFO_NO_RECORDS',
      meaning: 'The client finds no SRV record: DNS has the name without one.',
      remedy: NO_SRV,
    },
  ],
  [0x80092328, { name: '', meaning: 'The client finds no SRV record: the name does not exist.', remedy: NO_SRV }],
  [0x8007007b, { name: 'ERROR_INVALID_NAME', meaning: 'The client finds no usable name of a host.', remedy: NO_SRV }],
  [
    0x8007267c,
    {
      name: 'DNS_ERROR_NO_DNS_SERVERS',
      meaning: 'The client has no DNS server.',
      remedy: 'Look at ipconfig /all on the client.',
    },
  ],
  [
    0x80070005,
    {
      name: 'ERROR_ACCESS_DENIED',
      meaning: 'Access was denied.',
      remedy: 'Run slmgr from an elevated command prompt.',
    },
  ],
  [
    0x800706ba,
    {
      name: 'RPC_S_SERVER_UNAVAILABLE',
      meaning: 'The host cannot be reached, or is not where its SRV record says.',
      remedy: PORT,
    },
  ],
  [
    0xc0020017,
    {
      name: 'RPC_NT_SERVER_UNAVAILABLE',
      meaning: 'The host cannot be reached, or is not where its SRV record says.',
      remedy: PORT,
    },
  ],
  [
    0x8007139f,
    {
      name: 'ERROR_INVALID_STATE',
      meaning: 'The client cannot reach a host, or its licensing service hangs.',
      remedy: 'On the client: restart the service sppsvc, then slmgr /ato.',
    },
  ],
  [
    0x8007000d,
    {
      name: 'ERROR_INVALID_DATA',
      meaning: 'The data of the licensing service are damaged or cannot be read.',
      remedy: 'On the client: run slmgr elevated, and restart the service sppsvc.',
    },
  ],
]);

/** What is known of a result other than 0. */
export function resultText(hresult: number): ResultText {
  return (
    RESULTS.get(hresult) ?? {
      name: '',
      meaning: 'kmswatch has no description of this code.',
      remedy: `Windows prints Microsoft's text: slui.exe 0x2a ${hex(hresult)}`,
    }
  );
}

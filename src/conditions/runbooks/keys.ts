import type { Runbook } from '../condition.ts';

export const KEY_RUNBOOKS = {
  KmsHostKeyMissing: {
    meaning:
      'The newest report of the host names no KMS host key for Windows or for Office, although the host answered such clients in the last 30 days; or it names no KMS host key at all. An in-place upgrade, a change of edition and a mistaken `slmgr /ipk` replace the key of the host by a client key.',
    impact:
      'The host activates nobody whose product needs this key. While it has another key, its service goes on listening, so nothing else shows the fault. With another key, this alert ends 30 days after the last client of Windows or Office that the host answered; from then on, KmsProductRefused names the products that clients still ask for in vain. Activated clients stay activated until their 180 days end.',
    diagnosis: [
      'Run `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv all` on the host in PowerShell, on Server Core too. Which keys have a channel that begins with `VOLUME_KMS_`? `VOLUME_KMSCLIENT` is a client key, `TIMEBASED_EVAL` an evaluation.',
      'What changed: an upgrade to another version of Windows, a restore, a script that sets keys?',
      '`kmswatch keys` shows which key each product needs, and which Windows can take it.',
    ],
    mitigation: [
      'Windows: install the KMS host key again and activate it: `slmgr /ipk KEY`, then `slmgr /ato`. A newer Windows may need the key of its version.',
      'Office: install the Volume License Pack of its version again, then its key: `slmgr /ipk KEY`, then `slmgr /ato ACTIVATION_ID`. Every version of Office needs its own key. Without the id, `/ato` activates Windows only. `/dlv all` shows the id of each key.',
      'Convert an evaluation to a full edition first: `DISM /online /Set-Edition:ServerStandard /ProductKey:KEY /AcceptEula`. Windows refuses this on a domain controller: set up the KMS host on another server, or demote it first.',
      'If this machine should no longer be a KMS host, remove its SRV record, and take it out of `hosts`. If it is the only host of its domain, publish another one first.',
    ],
  },
  KmsHostNotActivated: {
    meaning:
      'The host reports that one of its KMS host keys has a licence status other than `licensed`. A host key is activated with Microsoft once, and again after large hardware changes.',
    impact:
      'The host refuses clients that need this key (0xC004F041). Activated clients stay activated until their 180 days end.',
    diagnosis: [
      'Run `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv ACTIVATION_ID` on the host in PowerShell, on Server Core too. It shows the status and its reason. Without `cscript`, slmgr answers in a window that nobody sees in a remote session.',
      'Was the machine moved or cloned, or did its virtual hardware change? Has the key reached its limit of activations (six hosts, ten times each)?',
    ],
    mitigation: [
      'Run `cscript //nologo $env:windir\\system32\\slmgr.vbs /ato ACTIVATION_ID` while the host can reach the internet. It shows the error, if there is one.',
      "Without the internet, run `cscript //nologo $env:windir\\system32\\slmgr.vbs /dti ACTIVATION_ID`, give Microsoft's activation centre the installation id that it shows, and enter the answer: `slmgr /atp CONFIRMATION_ID ACTIVATION_ID`. This works for Office keys and on Server Core too; `slui 4` only knows the key of Windows.",
      "If the key has been activated too often (0xC004C008), ask Microsoft's activation centre for more activations.",
    ],
  },
  KmsProductRefused: {
    meaning:
      'For 24 hours, the host refused every request for the product (at least 2), or every request of at least two clients, with 0xC004F042: none of its KMS host keys covers it. LTSC releases share an activation id, so other clients may be served under the same name.',
    impact: 'No new machine with this product activates here. Those that were activated elsewhere lapse.',
    diagnosis: [
      'Run `kmswatch keys --product PRODUCT`: it names the host key that covers the product, the hosts that have it, the Windows versions that can take it, and the update that they need first.',
      'Compare with `cscript //nologo $env:windir\\system32\\slmgr.vbs /dlv all` on the host: which keys are installed and licensed?',
      'Is it a Home edition? KMS never activates one, so somebody ran an activation script there, or the machine has the wrong image. Is it an Azure Edition? Only Azure activates it.',
    ],
    mitigation: [
      'Windows: the key of a Windows Server version covers that version, older ones and their clients. Install the update if the Windows of the host needs one, then the key: `slmgr /ipk KEY` and `slmgr /ato`. It replaces the older key.',
      'Office: a key covers one version only, neither newer nor older ones. Install the Volume License Pack of that version, then its key: `slmgr /ipk KEY` and `slmgr /ato ACTIVATION_ID`. Without the id, `/ato` activates Windows only. All keys stay.',
      'If no host can take the key, set up a newer host and publish it, or use Active Directory-based activation.',
      'Find keys in the Microsoft 365 admin center, under Billing, Your products, Volume licensing.',
    ],
  },
} satisfies Record<string, Runbook>;

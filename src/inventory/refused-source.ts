import type { SourceRefusal } from './types.ts';

const AS_CSV = 'save it as "CSV UTF-8", or export it with Export-Csv -NoTypeInformation -Encoding UTF8';

const BY_OCTETS: readonly (readonly [readonly number[], SourceRefusal])[] = [
  [
    [0x50, 0x4b],
    { reason: 'it is a workbook or a ZIP file', remedy: `unpack the ZIP; if it is a workbook, ${AS_CSV}` },
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], { reason: 'it is a workbook of an old Excel', remedy: `open it and ${AS_CSV}` }],
  [[0x1f, 0x8b], { reason: 'it is compressed by gzip', remedy: 'unpack it first' }],
  [[0x25, 0x50, 0x44, 0x46], { reason: 'it is a PDF', remedy: 'export the list as CSV' }],
];

const BY_START: readonly (readonly [RegExp, SourceRefusal])[] = [
  [
    /^--\S+\r?\nContent-Disposition:/i,
    {
      reason: 'it is a form of several parts, as curl -F sends it',
      remedy: 'send the file alone: curl --data-binary @FILE',
    },
  ],
  [
    /^\s*<(?:!doctype html|html|head|body|table)\b/i,
    { reason: 'it is HTML', remedy: 'export the list as CSV; a page that asks for a login is not a list' },
  ],
  [
    /^\s*<(?:\?xml|\w)(?![\s\S]*<(?:\w+:)?Events?[\s/>])[\s\S]*(?:VAMT|VolumeActivation|SoftwareLicensing|<(?:\w+:)?(?:ArrayOf)?Computer)/i,
    {
      reason: 'it is a computer list of VAMT',
      remedy: 'use Get-VamtProduct | Export-Csv products.csv -NoTypeInformation',
    },
  ],
  [
    /^\s*<(?:\?xml|\w)/,
    { reason: 'it is XML', remedy: 'export the list as CSV or JSON: Export-Csv or ConvertTo-Json' },
  ],
  [
    /^(?:\s*(?:#[^\n]*)?\r?\n)*(?:version:\s*1\s*\r?\n(?:\s*(?:#[^\n]*)?\r?\n)*)?dn::?\s/i,
    { reason: 'it is LDIF', remedy: 'use csvde -r "(objectCategory=computer)" -f computers.csv, or Export-Csv' },
  ],
  [
    /(?:^|\n)\s*(?:Software licensing service version\s*:|\p{L}+\s?: (?:Windows|Office)[^\n]*\r?\n\s*\p{L}+\s?: |Microsoft \(R\) Windows Script Host)/iu,
    {
      reason: 'it is text of slmgr',
      remedy: 'use Get-CimInstance SoftwareLicensingProduct -Filter "PartialProductKey IS NOT NULL" | ConvertTo-Json',
    },
  ],
  [
    /(?:^|\n)[ \t]*-{2,}(?:[ \t]+-{2,})+[ \t]*\r?\n|^(?:\s*\r?\n)*\w[\w ]*[ \t]+: [^\n]*\r?\n\w[\w ]*[ \t]*: /,
    {
      reason: 'it is a table or a list of PowerShell that was made for a screen',
      remedy: 'use Export-Csv -NoTypeInformation',
    },
  ],
];

/** Why octets can be no list of machines. */
export function refusedByOctets(bytes: Uint8Array): SourceRefusal | undefined {
  return BY_OCTETS.find(([start]) => start.every((byte, index) => bytes[index] === byte))?.[1];
}

/** Why a text can be no list of machines. @param start its first thousands of characters */
export function refusedByText(start: string): SourceRefusal | undefined {
  return BY_START.find(([pattern]) => pattern.test(start))?.[1];
}

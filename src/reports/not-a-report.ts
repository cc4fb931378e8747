/** What makes a report, for a sender of something else. */
const MAKES_ONE = 'report.ps1 makes the report (docs/windows.md)';

/** Lines of `slmgr /dlv` and `/dli` in any language: the channel of a key, or an activation id after its label. */
const SLMGR = /VOLUME_KMS|^[^\n:{]{3,40}: *[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\s*$/im;

/** Properties that tell the two classes of WMI apart. */
const OF_PRODUCT = ['licensestatus', 'partialproductkey', 'applicationid'];
const OF_SERVICE = ['clientmachineid', 'keymanagementservicelisteningport', 'keymanagementservicednspublishing'];

/** Says what a text is that is no JSON. */
export function textInstead(text: string): string {
  return SLMGR.test(text) ? `this is the text of slmgr, and no report: ${MAKES_ONE}` : 'the report is not JSON';
}

/** Says what JSON is instead of a report, if that is known. */
export function objectInstead(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof one !== 'object' || one === null) return undefined;
  const names = new Set(Object.keys(one).map((name) => name.toLowerCase()));
  if (names.has('products') || names.has('service')) return undefined;
  if (OF_PRODUCT.some((name) => names.has(name))) return alone('SoftwareLicensingProduct');
  return OF_SERVICE.some((name) => names.has(name)) ? alone('SoftwareLicensingService') : undefined;
}

function alone(name: string): string {
  return `this is ${name} alone, and no report: ${MAKES_ONE}`;
}

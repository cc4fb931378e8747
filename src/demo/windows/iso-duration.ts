/** No timer of Node can wait longer; nobody here waits so long either. */
const LONGEST = 2 ** 31 - 1;

const DURATION = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9})(\.\d{1,9})?S)?)?$/;

/** Milliseconds of an xs:duration such as `PT60.000S`, without years and months; undefined when it is none. */
export function readIsoDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || text.length < 3 || text.endsWith('T')) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return Math.min(LONGEST, Math.round((whole + Number(fraction)) * 1000));
}

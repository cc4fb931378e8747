/** JSON's way to begin an object. */
const OBJECT = '\\{\\s*["}]';
/** In front of a record: the start of a line or the end of the record before, and what separates them. */
const JSON_RECORD = new RegExp(`(?:^|[\\n}\\]])[\\s,\\p{Cc}[]*${OBJECT}`, 'u');
const ANY_OBJECT = new RegExp(OBJECT);
const XML_RECORD = /(?:^|[>\n])\s*<(?:[\w.-]+:)?Event[\s>]/;
/** A name and its value, as in the rest of an object whose beginning is lost. */
const MEMBER = /"\s*:\s*["{[\dtfn-]/;

/** Whether a text is JSON by its beginning, even if it ends there. */
export function beginsAsJson(text: string): boolean {
  if (/^(?:\{|\[\s*\]?)\s*$/.test(text)) return true;
  return /^[{[]/.test(text) && ANY_OBJECT.test(text);
}

/** Whether objects of JSON follow, perhaps behind the rest of one that was cut. */
export function hasJsonRecords(text: string): boolean {
  return JSON_RECORD.test(text);
}

/** Whether event XML follows, perhaps behind the rest of an event that was cut. */
export function hasXmlRecords(text: string): boolean {
  return !hasJsonRecords(text) && XML_RECORD.test(text);
}

/** Whether it may be the rest of a record whose beginning is lost. */
export function mayBeRest(text: string): boolean {
  return MEMBER.test(text);
}

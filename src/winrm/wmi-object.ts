import type { WmiObject, WmiValue } from './types.ts';
import { isNil, type XmlElement } from './xml.ts';

/**
 * An item of an enumeration as an instance, whether it has its class (`SELECT *`) or is an `XmlFragment` (`SELECT a, b`):
 * only local names count. A repeated element is an array, whose nils are left out ([MS-WSMV] 3.1.4.1.26: an array has none).
 */
export function readWmiObject(item: XmlElement): WmiObject {
  const properties: Record<string, WmiValue> = Object.create(null);
  const repeated = new Map<string, string[]>();
  for (const property of item.children) {
    const value = propertyValue(property);
    const earlier = properties[property.name];
    if (earlier === undefined) {
      properties[property.name] = value;
      continue;
    }
    let all = repeated.get(property.name);
    if (all === undefined) {
      all = typeof earlier === 'string' ? [earlier] : [];
      repeated.set(property.name, all);
      properties[property.name] = all;
    }
    if (value !== null) all.push(value);
  }
  return properties;
}

/** A date has its own element (`Datetime`), an embedded instance has several. */
function propertyValue(property: XmlElement): string | null {
  if (isNil(property)) return null;
  return property.children.length === 0 ? property.text : textWithin(property).trim();
}

function textWithin({ text, children }: XmlElement): string {
  return children.reduce((all, each) => all + textWithin(each), text);
}

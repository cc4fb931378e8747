import { NS, WMI_RESOURCE } from './namespaces.ts';
import type { WmiClass } from './wmi-class.ts';
import { dmtfTime, isDate, isoTime, type ValueStyle, type WmiInstance, type WmiValue } from './wmi-value.ts';
import { type Element, element, withAttributes } from './xml-element.ts';

/** An instance of `SELECT *`: its class is an element in its own namespace, with every property. */
export function instanceElement(wmiClass: WmiClass, instance: WmiInstance, style: ValueStyle): Element {
  const ns = `${WMI_RESOURCE}${wmiClass.name}`;
  const properties = Object.keys(wmiClass.properties);
  const type = { ns, name: `${wmiClass.name}_Type` };
  return withAttributes(
    element(
      ns,
      wmiClass.name,
      ...properties.flatMap((name) => propertyElements(ns, name, instance[name] ?? null, style)),
    ),
    [{ ns: NS.xsi, name: 'type' }, type],
  );
}

/**
 * An instance of a query that names columns: no class, no namespaces, and properties in alphabetical order whatever was
 * asked ([MS-WSMV], product notes on XmlFragment).
 * @param columns lower case
 */
export function fragmentElement(
  wmiClass: WmiClass,
  instance: WmiInstance,
  columns: ReadonlySet<string>,
  style: ValueStyle,
): Element {
  const properties = Object.keys(wmiClass.properties).filter((name) => columns.has(name.toLowerCase()));
  return element(
    NS.wsman,
    'XmlFragment',
    ...properties.flatMap((name) => propertyElements(NS.none, name, instance[name] ?? null, style)),
  );
}

/** An array is its element again and again; an empty one is not there at all. */
function propertyElements(ns: string, name: string, value: WmiValue, style: ValueStyle): Element[] {
  if (value === null) return [withAttributes(element(ns, name), [{ ns: NS.xsi, name: 'nil' }, 'true'])];
  if (isDate(value)) {
    if (style === 'dmtf') return [element(ns, name, dmtfTime(value))];
    if (style === 'omi') return [element(ns, name, isoTime(value).replace('Z', '+00:00'))];
    return [element(ns, name, element(ns === NS.none ? NS.none : NS.cim, 'Datetime', isoTime(value)))];
  }
  if (typeof value === 'object') return value.map((each) => element(ns, name, each));
  if (typeof value === 'boolean' && style === 'omi') return [element(ns, name, value ? 'TRUE' : 'FALSE')];
  return [element(ns, name, String(value))];
}

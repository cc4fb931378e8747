import { err, ok, type Result } from '../../kernel/result.ts';
import type { FaultName } from './faults.ts';
import { type InstanceSource, instancesOf } from './host-instances.ts';
import { WMI_RESOURCE, WQL_DIALECT } from './namespaces.ts';
import { findWmiClass, type WmiClass } from './wmi-class.ts';
import type { ValueStyle } from './wmi-value.ts';
import { fragmentElement, instanceElement } from './wmi-xml.ts';
import { readWql } from './wql.ts';
import type { Element } from './xml-element.ts';
import type { ReadElement } from './xml-reader.ts';
import { childText } from './xml-reader.ts';

/** The items of an enumeration, one after the other. */
export type Items = (style: ValueStyle) => Iterator<Element>;

/**
 * What an Enumerate asks for: by a query on `root/cimv2/*`, or all instances of the class that the resource names.
 * @param enumerate the element in the body
 */
export function wqlItems(
  resourceUri: string,
  enumerate: ReadElement,
  source: InstanceSource,
): Result<Items, FaultName> {
  // URIs are compared in any case (RFC 3986 says otherwise, Windows does it).
  if (!resourceUri.toLowerCase().startsWith(WMI_RESOURCE)) return err('resource not found');
  const filter = enumerate.children.find(({ name }) => name === 'Filter');
  const named = resourceUri.slice(WMI_RESOURCE.length);
  if (filter === undefined)
    return named === '*' ? err('filter not processed') : query(`SELECT * FROM ${named}`, source);
  if (filter.attributes.get('Dialect') !== WQL_DIALECT || named !== '*') return err('filter not processed');
  return query(childText(enumerate, 'Filter'), source);
}

function query(text: string, source: InstanceSource): Result<Items, FaultName> {
  const read = readWql(text);
  if (!read.ok) return err('filter not processed');
  const { className, columns, properties, matches } = read.value;
  const wmiClass = findWmiClass(className);
  if (wmiClass === undefined) return err('class not found');
  const known = new Set(Object.keys(wmiClass.properties).map((name) => name.toLowerCase()));
  if (!properties.every((name) => known.has(name.toLowerCase()))) return err('filter not processed');
  const wanted = columns && new Set(columns.map((name) => name.toLowerCase()));
  return ok(function* (style) {
    for (const instance of instancesOf(wmiClass.name, source)) {
      if (matches(instance)) yield itemElement(wmiClass, instance, wanted, style);
    }
  });
}

function itemElement(
  wmiClass: WmiClass,
  instance: Parameters<typeof instanceElement>[1],
  columns: ReadonlySet<string> | undefined,
  style: ValueStyle,
): Element {
  return columns === undefined
    ? instanceElement(wmiClass, instance, style)
    : fragmentElement(wmiClass, instance, columns, style);
}

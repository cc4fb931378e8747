import { z } from 'zod';
import { ConfigSchema, defaultConfig } from '../schema.ts';
import { NOTES } from './notes.ts';

type Node = Record<string, unknown>;

/** A number with a unit, once or several times: `1h30m`. Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const DURATION = '^([0-9]+(ms|[smhdwy]))+$';

/** The configuration's JSON Schema, for editors: `kmswatch config schema`. What only rules over several keys say is not in it. */
export function configJsonSchema(): object {
  const schema: Node = z.toJSONSchema(ConfigSchema, { io: 'input' });
  const defaults: unknown = z.encode(ConfigSchema, defaultConfig());
  annotate(schema, '', defaults);
  return { ...schema, title: 'kmswatch configuration' };
}

function annotate(node: Node, path: string, defaults: unknown): void {
  for (const form of [...nodesIn(node['anyOf']), ...nodesIn(node['oneOf'])]) annotate(form, path, undefined);
  for (const items of nodesIn([node['items']])) annotate(items, `${path}[]`, undefined);
  const { properties } = node;
  if (!isNode(properties)) return;
  const required = new Set(Array.isArray(node['required']) ? node['required'] : []);
  for (const [key, property] of Object.entries(properties)) {
    if (!isNode(property)) continue;
    const value = isNode(defaults) ? defaults[key] : undefined;
    annotateKey(property, path === '' ? key : `${path}.${key}`, value);
    // A key without a value has its default.
    if (!required.has(key)) properties[key] = orNull(property);
  }
}

function annotateKey(property: Node, path: string, value: unknown): void {
  annotate(property, path, value);
  note(property, path);
  // zod knows the default as the program has it; the file has it as text.
  delete property['default'];
  if (value !== undefined && !isNode(value)) property['default'] = value;
}

function note(property: Node, path: string): void {
  const [description, example] = NOTES[path.replace('activations.winrm.', 'report.winrm.')] ?? [];
  if (description === undefined) return;
  property['description'] = description;
  if (example !== undefined) property['examples'] = [example];
  if (description.startsWith('Duration ')) property['pattern'] = DURATION;
}

function orNull(property: Node): Node {
  const { description, examples, default: value, ...rest } = property;
  const shown = Object.fromEntries(
    Object.entries({ description, examples, default: value }).filter(([, each]) => each !== undefined),
  );
  return { ...shown, anyOf: [rest, { type: 'null' }] };
}

function nodesIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

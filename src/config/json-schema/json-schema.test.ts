import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfigFile } from '../config-file.ts';
import { configJsonSchema } from './json-schema.ts';
import { NOTES } from './notes.ts';

const FOLDER = new URL('../../../test/data/config/', import.meta.url);
const EXAMPLE = readFileSync(new URL('../../../config/kmswatch.example.yml', import.meta.url), 'utf8');
const BAD = readdirSync(FOLDER).filter((name) => name.endsWith('.bad.yml') && !name.startsWith('yaml-'));

/** What no key by itself shows: rules over several keys, texts with their own form, the same thing twice. */
const BEYOND =
  /order|meant|twice|two|missing|empty|alone|password|placeholder|date|leases-|schedule|-(address|ipv6|port|path|name|url|id|words?|text|http|query|taken|body|allow|certificate|bearer|proxy|history|range|impossible|none)|external-url|domain-name|host-name|share/;

interface Parts {
  readonly anyOf?: object[];
  readonly oneOf?: object[];
  readonly items?: object;
  readonly properties?: Record<string, Key>;
}

type Key = { readonly description?: string; readonly examples?: unknown[] };

const check = new Ajv2020({ strict: false, allErrors: true, logger: false }).compile(configJsonSchema());

it('takes the example, and each section that is commented out in it', () => {
  const sections = [...EXAMPLE.matchAll(/^# [a-z_]+:(?:.*\n# )*.*$/gm)].map(([section]) =>
    section.replace(/^# /gm, ''),
  );
  expect(sections.length).toBeGreaterThan(0);
  for (const text of [EXAMPLE, ...sections, 'log:\nweb: {listen: }\n']) {
    check(parse(text) ?? {});
    expect(check.errors ?? []).toEqual([]);
  }
});

it.each(BAD)('refuses %s, unless only a rule over texts or keys does', async (name) => {
  expect((await loadConfigFile(new URL(name, FOLDER).pathname)).ok).toBe(false);
  const refused = !check(parse(readFileSync(new URL(name, FOLDER), 'utf8'), { uniqueKeys: false }));
  if (!BEYOND.test(name)) expect(refused).toBe(true);
});

it('refuses what a key shows by itself', () => {
  const refused = BAD.filter(
    (name) => !check(parse(readFileSync(new URL(name, FOLDER), 'utf8'), { uniqueKeys: false })),
  );
  expect(refused.length).toBeGreaterThan(40);
});

it('has a description, and an example of a value, for each key and for no other', () => {
  const keys = new Map<string, Key>();
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { anyOf = [], oneOf = [], items, properties = {} } = node as Parts;
    for (const form of [...anyOf, ...oneOf]) walk(form, path);
    walk(items, `${path}[]`);
    for (const [key, property] of Object.entries(properties)) {
      const below = path === '' ? key : `${path}.${key}`;
      keys.set(below, property);
      walk(property, below);
    }
  };
  walk(configJsonSchema(), '');
  expect([...keys].filter(([, { description }]) => description === undefined).map(([key]) => key)).toEqual([]);
  const isSection = (property: object): boolean => /"properties"/.test(JSON.stringify(property));
  const bare = [...keys].filter(([, property]) => property.examples === undefined && !isSection(property));
  expect(bare.map(([key]) => key)).toEqual([]);
  expect(Object.keys(NOTES).filter((key) => !keys.has(key))).toEqual([]);
});

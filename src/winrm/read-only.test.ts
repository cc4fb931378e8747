import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ACTIONS } from './uris.ts';

/** Every URI of an action that this protocol and its extensions know, by its last step. */
const ACTION_URI = /https?:\/\/schemas\.[\w./-]+\/(?:transfer|enumeration|eventing|shell)\/([A-Z]\w+)(?=[`'"])/g;

test('the room can ask for nothing but what reads', async () => {
  const sources = await readSources();

  expect(Object.keys(ACTIONS).sort()).toEqual(['Enumerate', 'Pull', 'Release', 'Subscribe', 'Unsubscribe']);
  // Each request is made here, from these actions; Identify has none.
  const made = sources.flatMap(({ text }) => [...text.matchAll(/<a:Action[^>]*>([^<]*)</g)].map((match) => match[1]));
  expect(made).toEqual(['$' + '{ACTIONS[action]}']);
  const messages = sources.flatMap(({ text }) => [...text.matchAll(/envelope\(\s*'(\w+)'/g)].map((match) => match[1]));
  expect(messages.sort()).toEqual(['Enumerate', 'Pull', 'Release', 'Subscribe', 'Unsubscribe']);
  const bodies = sources.flatMap(({ text }) =>
    [...text.matchAll(/<s:Body>([^$<]*<?[\w:]*)/g)].map((match) => match[1]),
  );
  expect(bodies.sort()).toEqual(['', '<wsmid:Identify']);
});

test('the room names no action, resource or element with which something is changed or run', async () => {
  for (const { name, text } of await readSources()) {
    const code = text.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '');
    for (const [, action] of code.matchAll(ACTION_URI)) {
      expect(['Enumerate', 'Pull', 'Release', 'Subscribe', 'Unsubscribe'], `${name}: ${action}`).toContain(action);
    }
    expect(code, name).not.toMatch(
      /windows\/shell|transfer|_INPUT|:Put|:Create|:Delete|:Invoke|CommandLine|\bPUT\b|'PATCH'|'DELETE'/,
    );
  }
});

async function readSources(): Promise<{ name: string; text: string }[]> {
  const folder = import.meta.dirname;
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
}

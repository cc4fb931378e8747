import { expect, it, vi } from 'vitest';
import { NameList } from './name-list.ts';

/** As many as several chunks hold, in order. */
const NAMES = Array.from({ length: 20_000 }, (_, no) => `ws-${String(no).padStart(5, '0')}.corp.test`);

function listOf(names: readonly string[], other?: NameList): NameList {
  const list = new NameList(other);
  for (const name of names) list.push(name);
  list.end();
  return list;
}

/** Chunks that a list made, as none that it had from another was the same. */
function chunksMadeBy(make: () => NameList): number {
  const from = vi.spyOn(Buffer, 'from');
  make();
  const made = from.mock.calls.length;
  from.mockRestore();
  return made;
}

it('has each name at its place, and finds it', () => {
  const list = listOf(NAMES);
  expect(list.length).toBe(NAMES.length);
  for (const [place, name] of NAMES.entries()) expect(list.at(place)).toBe(name);
  expect([0, 7_777, 19_999].map((place) => list.indexOf(NAMES[place] ?? ''))).toEqual([0, 7_777, 19_999]);
  expect([list.at(20_000), list.indexOf('ws-00000'), list.lowerBound('ws-00000.z'), list.lowerBound('x')]).toEqual([
    ...['', -1, 1, 20_000],
  ]);
});

it('is empty without names', () => {
  const list = listOf([]);
  expect([list.length, list.at(0), list.indexOf('ws1'), [...list.search('ws')]]).toEqual([0, '', -1, []]);
});

it('finds a text in names, from one on', () => {
  const list = listOf(NAMES);
  const found = NAMES.flatMap((name, place) => (name.includes('77.c') ? [place] : []));
  expect(found).toHaveLength(200);
  expect([...list.search('77.c')]).toEqual(found);
  for (const from of [1, 8_077, 8_078, 19_977, 19_978, 20_000])
    expect([...list.search('77.c', from)]).toEqual(found.filter((place) => place >= from));
  expect([...list.search('', 19_998)]).toEqual([19_998, 19_999]);
});

it('keeps names of several octets a character, and long ones', () => {
  const names = Array.from({ length: 3000 }, (_, no) => `ü${no + 1000}${'é€'.repeat(40)}`);
  const list = listOf(names);
  expect(names.every((name, place) => list.at(place) === name && list.indexOf(name) === place)).toBe(true);
});

it('shares the chunks of another list that none of its other names are in, and has its own names all the same', () => {
  const all = chunksMadeBy(() => listOf(NAMES));
  expect(all).toBeGreaterThan(8);
  const list = listOf(NAMES);
  const others = NAMES.toSpliced(1000, 0, 'ws-00999x.corp.test');
  expect(chunksMadeBy(() => listOf(NAMES, list))).toBe(0);
  expect(chunksMadeBy(() => listOf(others, list))).toBeLessThan(all / 4);
  const next = listOf(others, list);
  for (const [place, name] of others.entries()) expect(next.at(place)).toBe(name);
  expect([...next.search('0999x')]).toEqual([1000]);
});

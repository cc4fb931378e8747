import { describe, expect, it } from 'vitest';
import { ChunkOctets, type Node, type TypedValue } from '../../../test/support/evtx/chunk-octets.ts';
import { fileHeader, frame, sealed } from '../../../test/support/evtx/evtx-writer.ts';
import { fuzz } from '../../../test/support/evtx/fuzz.ts';
import { EvtxReader, type Found } from './evtx-reader.ts';

const BINXML = 0x21;
const STRINGS = 0x81;
const STEPS_PER_OCTET = 16;

/** What is said of a chunk with one record in it, and what reading it took. */
function readOne(write: (chunk: ChunkOctets) => void): { readonly found: readonly Found[]; readonly share: number } {
  const chunk = new ChunkOctets();
  frame(chunk, { recordId: 1, time: 0 }, () => write(chunk));
  const log = Buffer.concat([fileHeader(1, 2), sealed(chunk, [1], 512)]);
  const found: Found[] = [];
  const reader = new EvtxReader((each) => found.push(each));
  reader.push(log);
  reader.end();
  return { found, share: reader.steps / log.length };
}

function problemOf(write: (chunk: ChunkOctets) => void): string {
  const { found, share } = readOne(write);
  expect(share).toBeLessThanOrEqual(STEPS_PER_OCTET);
  const [only] = found;
  return found.length === 1 && only !== undefined && 'problem' in only ? only.problem : JSON.stringify(found);
}

const several = (count: number, type: number): Node => ({
  name: 'EventData',
  content: Array.from({ length: count }, () => ({ value: 0, type })),
});

describe('numbers in a record are never believed', () => {
  const NO_ROOM = /it needs \d+ bytes but only \d+ are left/;

  it.each<[string, (chunk: ChunkOctets) => void, RegExp]>([
    [
      'as many values as there can be',
      (chunk) => {
        chunk.instance({ name: 'Event' }, []);
        chunk.bytes.writeUInt32LE(0xffff_ffff, chunk.at - 4);
      },
      NO_ROOM,
    ],
    [
      'a value that is longer than the record',
      (chunk) => {
        chunk.instance({ name: 'Event' }, [{ type: 1, octets: new Uint8Array(4) }]);
        chunk.bytes.writeUInt16LE(0xffff, chunk.at - 8);
      },
      NO_ROOM,
    ],
    [
      'an element that is longer than the record',
      (chunk) => {
        const start = chunk.at;
        chunk.element({ name: 'Event' }, true);
        chunk.bytes.writeUInt32LE(0xffff_fff0, start + 3);
      },
      NO_ROOM,
    ],
    [
      'a template outside of the chunk',
      (chunk) => {
        const start = chunk.at;
        chunk.instance({ name: 'Event' }, []);
        chunk.bytes.writeUInt32LE(0xffff_fff0, start + 6);
      },
      /an offset points outside its chunk/,
    ],
    [
      'a name outside of the chunk',
      (chunk) => {
        const start = chunk.at;
        chunk.element({ name: 'Event', attributes: { xmlns: 'x' } }, true);
        chunk.bytes.writeUInt32LE(65_530, start + 7);
      },
      /it needs \d+ bytes|points outside/,
    ],
    ['a record of nothing', (chunk) => chunk.u8(0x1f), /a token 0x1f does not belong there/],
    [
      'a list with half a value',
      (chunk) =>
        chunk.instance({ name: 'EventData', content: [{ value: 0, type: 0x88 }] }, [
          { type: 0x88, octets: new Uint8Array(6) },
        ]),
      /a list of type 8 has half a value/,
    ],
  ])('%s', (_, write, expected) => {
    expect(problemOf(write)).toMatch(expected);
  });
});

describe('work is bounded by the octets', () => {
  /** Each holds the one below it thirty times: 30 to the power of the depth elements. */
  const nested = (chunk: ChunkOctets, depth: number): TypedValue => ({
    type: depth === 0 ? 1 : BINXML,
    octets:
      depth === 0 ? Buffer.from('x', 'utf16le') : () => chunk.instance(several(30, BINXML), [nested(chunk, depth - 1)]),
  });

  it('where values repeat one another', () => {
    const problem = problemOf((chunk) => chunk.instance(several(30, BINXML), [nested(chunk, 8)]));
    expect(problem).toMatch(/expands to far more than it contains/);
  });

  it('where a long text is put in often', () => {
    const text = Buffer.alloc(40_000, 'x\0');
    const data: Node = { name: 'Data', content: Array.from({ length: 900 }, () => ({ value: 0, type: 1 })) };
    const problem = problemOf((chunk) =>
      chunk.instance({ name: 'EventData', content: [data] }, [{ type: 1, octets: text }]),
    );
    expect(problem).toMatch(/expands to far more than it contains/);
  });

  it('where a long list repeats a long element', () => {
    const data: Node = { name: 'Data', content: [{ value: 0, type: STRINGS }, 'y'.repeat(10_000)] };
    const problem = problemOf((chunk) =>
      chunk.instance({ name: 'EventData', content: [data] }, [{ type: STRINGS, octets: new Uint8Array(30_000) }]),
    );
    expect(problem).toMatch(/expands to far more than it contains/);
  });

  it('where elements or documents are in each other without end', () => {
    const deep = (left: number): Node => ({ name: 'a', content: left === 0 ? [] : [deep(left - 1)] });
    const inDocuments = (chunk: ChunkOctets, left: number): TypedValue => ({
      type: BINXML,
      octets: () => chunk.instance(several(1, BINXML), left === 0 ? [] : [inDocuments(chunk, left - 1)]),
    });
    expect(problemOf((chunk) => chunk.element(deep(200), true))).toMatch(/its elements are nested too deeply/);
    expect(problemOf((chunk) => chunk.instance(several(1, BINXML), [inDocuments(chunk, 200)]))).toMatch(
      /nested too deeply/,
    );
  });
});

it('reads or refuses whatever was done to chunks and records, and never costs more than its octets allow', () => {
  const { runs, read, refused, mostSteps } = fuzz(20_000, 4711);
  expect(runs).toBe(20_000);
  expect(read).toBeGreaterThan(runs);
  expect(refused).toBeGreaterThan(runs / 4);
  expect(mostSteps).toBeLessThanOrEqual(STEPS_PER_OCTET);
});

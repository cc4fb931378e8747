import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { linesOfXml } from '../support/evtx/event-lines.ts';
import { peerPath } from './find-peer.ts';

const run = promisify(execFile);
const LIMITS = { timeout: 180_000, maxBuffer: 2 ** 30 };

/** Debian's own, for whose Python its python3-evtx is. */
const PYTHON = '/usr/bin/python3';

/** Each record by itself: one that python-evtx cannot read does not end the others. */
const PRINT_RECORDS = `
import sys
from Evtx.Evtx import Evtx
with Evtx(sys.argv[1]) as log:
    for chunk in log.chunks():
        try:
            for record in chunk.records():
                print(record.xml())
        except Exception as error:
            print(f'<!-- {type(error).__name__} -->')
`;

/** @returns the lines of each record that libevtx's evtxexport gives, those included that it calls recovered */
export async function readWithEvtxexport(file: string): Promise<readonly (readonly string[])[]> {
  const { stdout } = await run(peerPath('evtxexport'), ['-f', 'xml', '-m', 'all', file], LIMITS);
  return linesOfXml(stdout);
}

/** @returns the lines of each record that python-evtx gives */
export async function readWithPythonEvtx(file: string): Promise<readonly (readonly string[])[]> {
  peerPath('python-evtx');
  const { stdout } = await run(PYTHON, ['-c', PRINT_RECORDS, file], LIMITS);
  return linesOfXml(stdout);
}

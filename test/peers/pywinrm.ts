import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

/** Debian's own, for whose Python its python3-winrm is. */
const PYTHON = '/usr/bin/python3';
const TIMEOUT_MS = 120_000;

/**
 * pywinrm's client, with its own envelopes, its own login and Python's parser of XML. It only knows shells, so the
 * caller provides the body and the action of a message; the answer is returned as a tree.
 */
const CLIENT = `
import json, sys
import xml.etree.ElementTree as ET
import xmltodict
from winrm.exceptions import WinRMError, WinRMOperationTimeoutError, WinRMTransportError
from winrm.protocol import Protocol

order = json.load(sys.stdin)
protocol = Protocol(**order['connection'])

def tree(element):
    return {'tag': element.tag, 'attributes': dict(element.attrib), 'text': element.text or '', 'children': [tree(each) for each in element]}

def send(step):
    if 'shell' in step:
        return protocol.open_shell()
    if 'envelope' in step:
        return tree(ET.fromstring(protocol.send_message(step['envelope'])))
    request = {'env:Envelope': protocol._get_soap_header(action=step['action'], resource_uri=step['resource'])}
    request['env:Envelope']['env:Body'] = step['body']
    return tree(ET.fromstring(protocol.send_message(xmltodict.unparse(request))))

results = []
for step in order['steps']:
    try:
        results.append({'answer': send(step)})
    except (WinRMError, WinRMOperationTimeoutError, WinRMTransportError) as error:
        results.append({'error': type(error).__name__, 'message': str(error)})
print(json.dumps(results))
`;

/** Arguments of pywinrm's `Protocol`. */
export interface PywinrmConnection {
  readonly endpoint: string;
  readonly transport: 'plaintext' | 'ssl' | 'certificate';
  readonly username?: string;
  readonly password?: string;
  readonly ca_trust_path?: string;
  readonly cert_pem?: string;
  readonly cert_key_pem?: string;
}

export type PywinrmStep =
  /** As it is. */
  | { readonly envelope: string }
  /** A message of pywinrm's own. @property body in the manner of xmltodict */
  | { readonly action: string; readonly resource: string; readonly body: unknown }
  /** The first message of running a command. */
  | { readonly shell: true };

export interface PythonElement {
  /** `{namespace}name`. */
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly PythonElement[];
}

const PythonElement: z.ZodType<PythonElement> = z.lazy(() =>
  z.object({
    tag: z.string(),
    attributes: z.record(z.string(), z.string()),
    text: z.string(),
    children: z.array(PythonElement),
  }),
);

const Results = z.array(
  z.union([
    z.object({ answer: z.union([PythonElement, z.string()]) }),
    z.object({ error: z.string(), message: z.string() }),
  ]),
);

/** Sends messages one after the other. @returns each answer as pywinrm read it */
export async function askPywinrm(
  connection: PywinrmConnection,
  steps: readonly PywinrmStep[],
): Promise<z.infer<typeof Results>> {
  const running = run(PYTHON, ['-c', CLIENT], { timeout: TIMEOUT_MS, maxBuffer: 16 * 1024 * 1024 });
  running.child.stdin?.end(JSON.stringify({ connection, steps }));
  return Results.parse(JSON.parse((await running).stdout));
}

/** Every element of that name, without looking at its namespace. */
export function elementsNamed(root: PythonElement, name: string): PythonElement[] {
  const own = root.tag.replace(/^\{.*\}/, '') === name ? [root] : [];
  return [...own, ...root.children.flatMap((each) => elementsNamed(each, name))];
}

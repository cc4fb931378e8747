import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const URL_OF_EVENTS = 'https://kmswatch.example.com:11688/api/v1/events';
const SERVICE_QUERY =
  "*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12291 or EventID=12292 or EventID=12293 or EventID=12294)]]";
const REQUESTS = { channel: 'Key Management Service', query: '*[System[(EventID=12290)]]' };
const SERVICE = { channel: 'Application', query: SERVICE_QUERY };

function textOf(name: string): string {
  return readFileSync(new URL(`../config/shippers/${name}`, import.meta.url), 'utf8');
}

/** Refuses things that the files must not have: a duplicate key, an anchor, a tag. */
function yamlOf(name: string): unknown {
  return parse(textOf(name), { strict: true, uniqueKeys: true, maxAliasCount: 0, stringKeys: true });
}

test('fluent-bit.yaml reads both logs from the start, and keeps on disk what it could not send', () => {
  const common = { name: 'winevtlog', read_existing_events: true, string_inserts: true, 'storage.type': 'filesystem' };
  expect(yamlOf('fluent-bit.yaml')).toMatchObject({
    service: { 'storage.path': expect.any(String), 'storage.sync': 'full' },
    pipeline: {
      inputs: [
        { ...common, channels: REQUESTS.channel, event_query: REQUESTS.query, db: expect.stringContaining('requests') },
        { ...common, channels: SERVICE.channel, event_query: SERVICE.query, db: expect.stringContaining('service') },
      ],
      outputs: [
        {
          name: 'http',
          match: 'kmswatch.*',
          host: 'kmswatch.example.com',
          port: 11688,
          uri: '/api/v1/events',
          format: 'json',
          // Fluent Bit parts name and value at the first blank: a colon would become part of the name.
          header: `Authorization Bearer $\{KMSWATCH_TOKEN}`,
          tls: 'on',
          'tls.verify': 'on',
          retry_limit: 'no_limits',
        },
      ],
    },
  });
});

const VECTOR_SINK = {
  type: 'http',
  uri: URL_OF_EVENTS,
  method: 'post',
  auth: { strategy: 'bearer', token: 'SECRET[kmswatch.ingest_token]' },
  encoding: { codec: 'json' },
  acknowledgements: { enabled: true },
  // The least that Vector takes for a buffer on disk.
  buffer: { type: 'disk', max_size: 268_435_488, when_full: 'block' },
};
const VECTOR_SECRET = { kmswatch: { type: 'directory', remove_trailing_whitespace: true } };

test('vector.yaml reads both logs from the start, and keeps on disk what it could not send', () => {
  const common = { type: 'windows_event_log', read_existing_events: true };
  expect(yamlOf('vector.yaml')).toMatchObject({
    secret: VECTOR_SECRET,
    sources: {
      kms_requests: { ...common, channels: [REQUESTS.channel], event_query: REQUESTS.query },
      kms_service: { ...common, channels: [SERVICE.channel], event_query: SERVICE.query },
    },
    sinks: { kmswatch: { ...VECTOR_SINK, inputs: ['kms_requests', 'kms_service'] } },
  });
});

test('alloy-relay.vector.yaml unpacks what Alloy sends, and posts it as Vector does', () => {
  expect(yamlOf('alloy-relay.vector.yaml')).toMatchObject({
    secret: VECTOR_SECRET,
    sources: { alloy: { type: 'opentelemetry', http: { address: '0.0.0.0:4318', tls: { enabled: true } } } },
    transforms: { records: { type: 'remap', inputs: ['alloy.logs'], source: '. = parse_json!(string!(.message))\n' } },
    sinks: { kmswatch: { ...VECTOR_SINK, inputs: ['records'] } },
  });
});

test('alloy.alloy reads both logs, and leads them to the relay with a queue on disk', () => {
  const components = alloyComponents(textOf('alloy.alloy'));

  const source = (name: string) => components.get(`loki.source.windowsevent "${name}"`);
  expect(source('kms_requests')).toMatchObject({
    eventlog_name: quoted(REQUESTS.channel),
    xpath_query: quoted(REQUESTS.query),
  });
  expect(source('kms_service')).toMatchObject({
    eventlog_name: quoted(SERVICE.channel),
    xpath_query: quoted(SERVICE.query),
  });
  expect(source('kms_requests')?.['bookmark_path']).not.toBe(source('kms_service')?.['bookmark_path']);
  expect(components.get('otelcol.exporter.otlphttp "kmswatch"')).toMatchObject({
    endpoint: '"https://kmswatch.example.com:4318"',
    storage: 'otelcol.storage.file.kmswatch.handler',
    max_elapsed_time: '"0s"',
  });
  // Every reference leads to a component that is there.
  const references = [
    ...textOf('alloy.alloy').matchAll(/\b([a-z]+(?:\.[a-z]+)+)\.(\w+)\.(?:receiver|input|handler)\b/g),
  ];
  expect(references).toHaveLength(4);
  for (const [, kind, label] of references) expect([...components.keys()]).toContain(`${kind} "${label}"`);
});

test('nxlog.conf reads both logs from the start, and keeps on disk what it could not send', () => {
  const blocks = nxlogBlocks(textOf('nxlog.conf'));

  expect(blocks.get('Input kms_host')).toEqual(
    expect.arrayContaining([
      'Module im_msvistalog',
      `<Select Path="${REQUESTS.channel}">${REQUESTS.query}</Select>`,
      `<Select Path="${SERVICE.channel}">${SERVICE.query}</Select>`,
      'ReadFromLast FALSE',
      'SavePos TRUE',
      'CaptureEventXML TRUE',
      'Exec to_json();',
    ]),
  );
  expect(blocks.get('Output kmswatch')).toEqual(
    expect.arrayContaining([
      'Module om_http',
      `URL ${URL_OF_EVENTS}`,
      'AddHeader Authorization: Bearer %KMSWATCH_TOKEN%',
      'BatchMode multiline',
      'PersistLogqueue TRUE',
    ]),
  );
  expect(blocks.get('Route kms_to_kmswatch')).toEqual(['Path kms_host => kmswatch']);
  for (const [, name] of textOf('nxlog.conf').matchAll(/%(\w+)%/g))
    expect(textOf('nxlog.conf')).toMatch(`define ${name} `);
});

test('otel-collector.yaml reads both logs from the start, and keeps on disk what it could not send', () => {
  const common = { start_at: 'beginning', storage: 'file_storage' };
  expect(yamlOf('otel-collector.yaml')).toMatchObject({
    extensions: { file_storage: { directory: expect.any(String) } },
    receivers: {
      'windowseventlog/requests': { ...common, channel: REQUESTS.channel },
      'windowseventlog/service': { ...common, channel: SERVICE.channel },
    },
    exporters: {
      'otlphttp/kmswatch': {
        // Not `endpoint`, to which the exporter would add its own path.
        logs_endpoint: URL_OF_EVENTS,
        // Else it sends protobuf.
        encoding: 'json',
        headers: { Authorization: `Bearer $\{env:KMSWATCH_TOKEN}` },
        retry_on_failure: { enabled: true, max_elapsed_time: '0s' },
        sending_queue: { enabled: true, storage: 'file_storage' },
      },
    },
    service: {
      extensions: ['file_storage'],
      pipelines: {
        logs: {
          receivers: ['windowseventlog/requests', 'windowseventlog/service'],
          processors: ['filter/kmswatch'],
          exporters: ['otlphttp/kmswatch'],
        },
      },
    },
  });
});

test('winlogbeat.yml reads both logs, and Logstash posts them in batches', () => {
  expect(yamlOf('winlogbeat.yml')).toEqual({
    'winlogbeat.event_logs': [
      { name: REQUESTS.channel, event_id: '12290' },
      { name: SERVICE.channel, event_id: '12291-12294', provider: ['Microsoft-Windows-Security-SPP'] },
    ],
    'output.logstash': { hosts: [expect.stringMatching(/:5044$/)], 'ssl.enabled': true },
  });
  const logstash = textOf('winlogbeat-logstash.conf');
  expect(logstash).toMatch(/beats \{\n\s+port => 5044\n/);
  expect(logstash).toContain(`url => "${URL_OF_EVENTS}"`);
  expect(logstash).toMatch(
    /format => "json_batch"\n\s+headers => \{ "Authorization" => "Bearer \$\{KMSWATCH_TOKEN\}" \}/,
  );
});

function quoted(text: string): string {
  return `"${text}"`;
}

/** Arguments of each component, those of its inner blocks among them; fails on a line that is none of Alloy's. */
function alloyComponents(text: string): ReadonlyMap<string, Readonly<Record<string, string>>> {
  const code = text.replace(/^\s*\/\/.*$/gm, '');
  const component = /^([a-z_.]+ "\w+") \{\n(.*?)^\}$/gms;
  expect(code.replace(component, '').trim()).toBe('');
  return new Map([...code.matchAll(component)].map(([, name = '', body = '']) => [name, alloyArguments(body)]));
}

function alloyArguments(body: string): Readonly<Record<string, string>> {
  const argument = /^\s+(\w+)\s+= (.+)$/gm;
  expect(body.replace(argument, '')).toMatch(/^\s*(?:\w+ \{\s*\}\s*)*$/);
  return Object.fromEntries([...body.matchAll(argument)].map(([, name = '', value = '']) => [name, value]));
}

/** The lines of each block, those of inner blocks among them; throws on a block that does not end where it should. */
function nxlogBlocks(text: string): ReadonlyMap<string, readonly string[]> {
  const blocks = new Map<string, string[]>();
  const open: string[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const closing = /^<\/(\w+)>$/.exec(line)?.[1];
    const opening = /^<(\w+)(?: [^<>]*)?>$/.exec(line)?.[1];
    if (closing !== undefined) {
      expect(open.pop()).toBe(closing);
    } else if (opening !== undefined) {
      if (open.length === 0) {
        lines = [];
        blocks.set(line.slice(1, -1), lines);
      }
      open.push(opening);
    } else if (open.length > 0) lines.push(line);
    else expect(line).toMatch(/^(define|Moduledir|CacheDir|Pidfile|SpoolDir|LogFile) \S/);
  }
  expect(open).toEqual([]);
  return blocks;
}

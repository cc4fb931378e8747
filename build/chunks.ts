/**
 * What several commands share goes into a few large files: to find, read and link a file takes a quarter of a
 * millisecond and more, and by itself the build makes one for each set of commands that share something, a hundred for
 * the agent.
 *
 * Each file has the modules of `src` that are named with all that they need, unless an earlier file has it; so no two of
 * them need each other. A command that needs some of a file loads all of it: nothing goes in that others would notice
 * (`test/e2e/package.test.ts`). If a module is named in no file, and the agent and a command share it, the command would
 * load the agent.
 */
const CHUNKS: Readonly<Record<string, readonly string[]>> = {
  program: [
    ...['cli/duration-option', 'cli/exit-at-once', 'cli/listen-option', 'cli/program', 'cli/terminal'],
    ...['config/patiently', 'kernel/columns', 'kernel/v8-flags'],
  ],
  begin: ['cli/begin-agent'],
  configuration: ['cli/load-config', 'config/print', 'config/watch', 'discovery/resolv-conf', 'kernel/random'],
  look: [
    ...['activations/machine-name', 'agent/estate-settings', 'agent/external-url', 'agent/logs-snapshot', 'agent/loop'],
    ...['agent/named-products', 'agent/one-look', 'agent/store-settings', 'inventory/limits', 'inventory/name'],
    ...['kernel/words', 'products/license-status', 'reports/parse-report'],
  ],
  conditions: ['conditions/catalogue', 'conditions/explained'],
  store: [
    ...['cli/log', 'command-socket/secret-door', 'command-socket/socket-protocol', 'config/state-path'],
    ...['kernel/logger', 'kernel/read-object', 'store/store'],
  ],
  notify: ['notify/post', 'notify/receiver'],
  answers: [
    ...['explain/explain-client', 'explain/machine-verdict', 'explain/similar-names', 'explain/still-reading'],
    ...['kernel/calendar-month', 'leases/lease-json', 'leases/types', 'machines/machine-csv', 'machines/machine-json'],
    ...['machines/types', 'products/key-json', 'products/key-table', 'web/forecast-json', 'web/pages/layout'],
    ...['web/pages/report/report-csv', 'web/pages/report/report-main'],
  ],
  reading: ['ingest/intake', 'ingest/read-list', 'inventory/read-inventory'],
  agent: ['cli/serve-parts'],
};

/** For the bundler. The first file also has the parts of Node that several packages share (`build/lazy-builtins.ts`). */
export const GROUPS = Object.entries(CHUNKS).map(([name, modules], index) => ({
  name,
  test: new RegExp(`/src/(?:${modules.join('|')})\\.ts$${index === 0 ? '|^\0require:' : ''}`),
  priority: Object.keys(CHUNKS).length - index,
}));

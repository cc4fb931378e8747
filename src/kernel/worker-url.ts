/**
 * Where the module of a worker thread is, from source (`.ts`) as well as from the published package (`.js`).
 * The compiler rewrites the extension of an import but not of `new URL('./worker.ts', import.meta.url)`, so the
 * extension is taken from the module that asks.
 * @param path relative and without an extension, for example `./writer-thread`
 * @param from the caller's `import.meta.url`
 */
export function workerUrl(path: string, from: string): URL {
  return new URL(path + from.slice(from.lastIndexOf('.')), from);
}

/** The parts of undici that `http-client.ts` loads, with the types that the whole package declares. */
declare module 'undici/lib/dispatcher/client.js' {
  import type { Client } from 'undici';

  const client: typeof Client;
  export = client;
}

declare module 'undici/lib/api/api-request.js' {
  import type { Client, Dispatcher } from 'undici';

  /** `client.request(options)`, which the whole package makes a method. */
  function request(this: Client, options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>;
  export = request;
}

declare module 'undici/lib/core/errors.js' {
  import type { errors as all } from 'undici';

  const errors: typeof all;
  export = errors;
}

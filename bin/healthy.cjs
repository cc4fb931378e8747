'use strict';
// The health check of the container image: ends with 0 if the agent on this machine answers, whatever it speaks. The
// certificate is for the name that others use, and a password is not ours to know, so 401 is an answer as well.

const HEALTHY = 500;
const [port = '11688'] = process.argv.slice(2);
const options = { port, path: '/-/healthy', timeout: 4000, rejectUnauthorized: false };

ask('node:http', () => ask('node:https', () => process.exit(1)));

function ask(client, otherwise) {
  const request = require(client).get(options, ({ statusCode }) => {
    // Fastify answers plain HTTP on a port of TLS with 400.
    if (statusCode === 400) otherwise();
    else process.exit(statusCode < HEALTHY ? 0 : 1);
  });
  request.once('timeout', () => request.destroy(new Error('no answer')));
  request.once('error', otherwise);
}

import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PATIENT } from '../../test/support/patient.ts';
import { silentLogger } from '../kernel/logger.ts';
import type { StoreAccess } from '../store/store-types.ts';
import { KeptSocket } from './kept-socket.ts';

const STORE = {} as StoreAccess;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kmswatch-kept-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('makes the socket again when it was deleted, and takes it away at the end', async () => {
  const database = join(folder, 'k.db');
  const kept = await KeptSocket.open(STORE, database, { logger: silentLogger, every: 5 });
  rmSync(`${database}.sock`);
  await vi.waitFor(() => expect(existsSync(`${database}.sock`)).toBe(true), PATIENT);
  await kept.close();
  expect(existsSync(`${database}.sock`)).toBe(false);
});

it('makes it as soon as it can, and says once why it cannot', async () => {
  const state = join(folder, 'state');
  const error = vi.fn();
  const kept = await KeptSocket.open(STORE, join(state, 'k.db'), { logger: { ...silentLogger, error }, every: 5 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(error).toHaveBeenCalledTimes(1);
  mkdirSync(state);
  await vi.waitFor(() => expect(existsSync(join(state, 'k.db.sock'))).toBe(true), PATIENT);
  await kept.close();
});

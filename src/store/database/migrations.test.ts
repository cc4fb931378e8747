import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { MIGRATIONS, migrate, NewerSchema, OtherSchema } from './migrations.ts';

function versionOf(database: DatabaseSync): unknown {
  return database.prepare('PRAGMA user_version').get()?.['user_version'];
}

it('makes the schema of a new database, and leaves it as it is at the next start', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  database.exec("INSERT INTO meta (name, value) VALUES ('tick', '1')");
  migrate(database);
  expect(versionOf(database)).toBe(MIGRATIONS.length);
  expect(database.prepare('SELECT value FROM meta').get()).toEqual({ value: '1' });
});

it('refuses a database of a newer version and leaves it alone', () => {
  const database = new DatabaseSync(':memory:');
  database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
  expect(() => migrate(database)).toThrow(NewerSchema);
  expect(database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()).toEqual({ tables: 0 });
});

it('refuses a database with another schema of the same number, and one that is not of kmswatch', () => {
  const development = new DatabaseSync(':memory:');
  development.exec('CREATE TABLE leases (id INTEGER); PRAGMA user_version = 1');
  expect(() => migrate(development)).toThrow(OtherSchema);
  const foreign = new DatabaseSync(':memory:');
  foreign.exec('CREATE TABLE songs (id INTEGER)');
  expect(() => migrate(foreign)).toThrow(OtherSchema);
  expect(foreign.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'songs' }]);
});

import { NO_REPORTS, type PlacedReports, placeReports } from '../../leases/self-reports.ts';
import { GROUPS } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';
import type { State } from './state.ts';

/** What the machines of a lease said of it themselves, in its place among its requests. @param own its requests, in order */
export function reportsOf(state: State, own: readonly StoredRequest[]): PlacedReports {
  const { clientReports } = state;
  const [first] = own;
  if (first === undefined) return NO_REPORTS;
  const machines = new Set(own.map(({ machine }) => machine));
  const reports = [...machines].flatMap((machine) => clientReports.of(machine, first.activationId));
  if (reports.length === 0) return NO_REPORTS;
  const known = new Set(own.map(({ no }) => no));
  const others = [...machines].flatMap((machine) => otherRequests(state, machine, first));
  return placeReports(
    own,
    others.filter(({ no }) => !known.has(no)),
    reports,
  );
}

/** Requests of a machine for the product of a lease, with that one or another; under the name that it is asked for. */
function otherRequests(state: State, machine: string, { product, client }: StoredRequest): StoredRequest[] {
  const { clientReports, records, names, duplicates } = state;
  const numbers = clientReports.numbersFor(machine);
  const clients = new Set(numbers.flatMap((no) => [...clientsBehind(state, no)]));
  // Of a client id that several machines share, the machine may have another lease under another name.
  if (!duplicates.has(client)) clients.delete(client);
  return [...clients]
    .flatMap((other) => records.ofClient(other, names.clients.guidOf(other)))
    .filter((request) => request.product === product && numbers.includes(request.machineNo))
    .map((request) => ({ ...request, machine }));
}

/** The client ids that a machine has used. @param machine the number of a name */
export function* clientsBehind({ table, former }: State, machine: number): Iterable<number> {
  for (const id of table.ofMachine(machine)) yield table.client.get(id);
  for (const group of GROUPS) for (const { client } of former.of(machine, group)) yield client;
}

import { foldReport } from '../../leases/fold.ts';
import { nameKey } from '../../leases/machines.ts';
import type { SelfReport } from '../../leases/types.ts';
import { GROUPS } from '../database/numbering.ts';
import type { StoredRequest } from '../history/records.ts';
import type { LeaseFolding } from './lease-folding.ts';
import { clientsBehind } from './lease-reports.ts';
import type { State } from './state.ts';

interface Heard {
  readonly activationId: string;
  readonly report: SelfReport;
}

/** What a batch changes by the words of clients of themselves: new ones, and requests that change what old ones are about. */
export class HeardReports {
  readonly #state: State;
  /** By `nameKey`, those that come after all that is known of their machine and product. */
  readonly #newest = new Map<string, Heard[]>();
  /** Keys of machines all of whose leases are folded again. */
  readonly #again = new Set<string>();

  constructor(state: State) {
    this.#state = state;
  }

  /** Takes a report that is new in the database. @param machine as the source calls it */
  hear(machine: string, activationId: string, report: Omit<SelfReport, 'machine'>): void {
    const { clientReports } = this.#state;
    const key = nameKey(machine);
    if (report.time > clientReports.newest(machine, activationId) && !this.#again.has(key)) {
      const heard = this.#newest.get(key) ?? [];
      heard.push({ activationId, report: { ...report, machine } });
      this.#newest.set(key, heard);
    } else this.#again.add(key);
    clientReports.note(machine, activationId, report.time);
  }

  /** Reports of a machine may be about another lease, or about none. */
  hearAgain(machine: string): void {
    if (this.#state.clientReports.mayKnow(machine)) this.#again.add(nameKey(machine));
  }

  /** A request of a machine was entered: later reports are about its lease now. @param isNew its name may be new */
  noteRequest({ machine, activationId, time }: StoredRequest, isNew: boolean): void {
    if (isNew) this.hearAgain(machine);
    else if (this.#state.clientReports.newest(machine, activationId) >= time) this.#again.add(nameKey(machine));
  }

  /** Has the leases folded that reports are about, once all requests of the batch are in theirs. */
  fold(folding: LeaseFolding): void {
    for (const [key, heard] of this.#newest) {
      if (!this.#again.has(key) && !heard.every((one) => this.#foldOn(one))) this.#again.add(key);
    }
    const ids = new Set([...this.#again].flatMap((key) => this.#leasesLike(key)));
    for (const id of ids) folding.foldReported(id);
    this.#newest.clear();
    this.#again.clear();
  }

  /** Takes a report straight into the lease that it is about. @returns false if that is not plain */
  #foldOn({ activationId, report }: Heard): boolean {
    const { clientReports, names, table, former, settings } = this.#state;
    if (!clientReports.isPlain(report.machine)) return false;
    const machine = names.machines.no(report.machine);
    const product = names.products.find(activationId);
    const ids = [...table.ofMachine(machine)].filter((one) => table.product.get(one) === product);
    const [id] = ids;
    if (ids.length > 1 || GROUPS.some((group) => [...former.of(machine, group)].length > 0)) return false;
    if (id === undefined) return true;
    if (report.time < table.last.get(id)) return false;
    const lease = table.folded(id, (no) => names.machines.name(no));
    const told = foldReport(lease, report, settings.leases);
    if (told === lease) return true;
    table.tell(id, told);
    this.#state.rows.touch(id);
    return true;
  }

  /** Leases of machines that a report under a name of this key may be about. */
  #leasesLike(key: string): number[] {
    const { clientReports, names, table } = this.#state;
    const clients = clientReports.numbersLike(key).flatMap((no) => [...clientsBehind(this.#state, no)]);
    return clients
      .flatMap((client) => [...table.ofClient(client)])
      .filter((id) => clientReports.newest(key, names.products.name(table.product.get(id))) > 0);
  }
}

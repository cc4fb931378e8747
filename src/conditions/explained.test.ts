import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../kernel/time.ts';
import { CATALOGUE } from './catalogue.ts';
import { type AlertPattern, EXPLANATIONS } from './causes.ts';
import { byCause } from './explained.ts';

/** `NAME label=value...`, with `?` behind the name for what does not fire yet. */
function told(text: string) {
  const [name = '', ...labels] = text.split(' ');
  const subject = Object.fromEntries(labels.map((label) => label.split('=')));
  const { severity = severityOf(name.replace('?', '')), ...rest } = subject;
  return { text, name: name.replace('?', ''), severity, subject: rest, firing: !name.endsWith('?') };
}

function severityOf(name: string): string {
  return CATALOGUE.find((each) => each.name === name)?.severity ?? 'warning';
}

function tree(...texts: readonly string[]) {
  return byCause(texts.map(told)).map(({ head, same, follows }) => [
    head.text,
    ...same.map(({ text }) => `= ${text}`),
    ...follows.map(({ text }) => `> ${text}`),
  ]);
}

describe('conditions by their causes', () => {
  it('hide nothing that is down in another domain', () => {
    expect(
      tree(
        'KmsNoHostAvailable domain=emea hosts=kms03',
        'KmsHostDown host=kms03 port=1688 domain=emea',
        'KmsHostDown host=kms02 port=1688 domain=corp',
        'KmsReportStale host=kms03 domain=emea',
      ),
    ).toEqual([
      [
        'KmsNoHostAvailable domain=emea hosts=kms03',
        '> KmsHostDown host=kms03 port=1688 domain=emea',
        '> KmsReportStale host=kms03 domain=emea',
      ],
      ['KmsHostDown host=kms02 port=1688 domain=corp'],
    ]);
  });

  it('tell of one host in several domains once, and of domains with the same hosts', () => {
    expect(tree('KmsHostDown host=kms01 domain=a', 'KmsHostDown host=kms01 domain=b')).toEqual([
      ['KmsHostDown host=kms01 domain=a', '= KmsHostDown host=kms01 domain=b'],
    ]);
    const dark = ['a', 'b'].map((domain) => `KmsNoHostAvailable domain=${domain} hosts=kms01`);
    expect(tree(...dark, 'KmsHostDown host=kms01 domain=b')).toEqual([
      [dark[0], `= ${dark[1]}`, '> KmsHostDown host=kms01 domain=b'],
    ]);
    expect(
      tree('KmsClientsBelowThreshold domain=a class=client', 'KmsClientsBelowThreshold domain=b class=client'),
    ).toHaveLength(2);
  });

  it('tell of machines that stop asking once, for Windows and for Office', () => {
    expect(tree('KmsLeasesExpiring class=client', 'KmsLeasesExpiring class=office')).toEqual([
      ['KmsLeasesExpiring class=client', '= KmsLeasesExpiring class=office'],
    ]);
    expect(tree('KmsHostBelowThreshold host=a class=client', 'KmsHostBelowThreshold host=a class=server')).toHaveLength(
      2,
    );
  });

  it('leave a record with something else behind it to the host that is down for it', () => {
    expect(tree('KmsHostDown domain=a host=k port=1688', 'KmsSrvRecordStale domain=a host=k port=1688')).toHaveLength(
      1,
    );
    expect(tree('KmsHostDown domain=a host=k port=1688', 'KmsSrvRecordStale domain=a host=k port=1689')).toHaveLength(
      2,
    );
  });

  it('let a host that is up at another port explain nothing', () => {
    expect(tree('KmsHostDown host=kms01 port=1689 other_ports=up', 'KmsReportStale host=kms01')).toHaveLength(2);
    expect(tree('KmsHostDown host=kms01 port=1689', 'KmsReportStale host=kms01')).toHaveLength(1);
  });

  it('do not let a cause that is only pending hide what fires', () => {
    expect(tree('KmsHostDown? host=kms01', 'KmsReportStale host=kms01')).toHaveLength(2);
    expect(tree('KmsHostDown? host=kms01', 'KmsReportStale? host=kms01')).toHaveLength(1);
  });

  it('find the cause of the cause', () => {
    expect(
      tree(
        'KmsReportStale host=kms01 domain=a',
        'KmsHostDown host=kms01 domain=a',
        'KmsNoHostAvailable domain=a hosts=kms01',
        'KmsNoHostAvailable hosts=kms01',
      ),
    ).toEqual([
      [
        'KmsNoHostAvailable hosts=kms01',
        '> KmsReportStale host=kms01 domain=a',
        '> KmsHostDown host=kms01 domain=a',
        '> KmsNoHostAvailable domain=a hosts=kms01',
      ],
    ]);
  });

  it('keep pools apart', () => {
    expect(
      tree(
        'KmsHostNotActivated host=kms01 pool=office product=x',
        'KmsRequestsFailing host=kms01 pool=office',
        'KmsRequestsFailing host=kms01 pool=windows',
      ).map((each) => each.length),
    ).toEqual([2, 1]);
  });

  it('cost no more for each of a thousand hosts that are down than for each of a hundred', () => {
    const looksAtEach = (down: number): number => {
      const hosts = Array.from({ length: down }, (_, n) => `KmsHostDown host=kms${n} port=1688 domain=d${n % 50}`);
      const stale = hosts.map((text) => text.replace('KmsHostDown', 'KmsReportStale'));
      let looks = 0;
      const all = [...hosts, ...stale].map(told).map((each) => ({
        ...each,
        get subject() {
          looks += 1;
          return each.subject;
        },
      }));
      expect(byCause(all)).toHaveLength(down);
      return looks / all.length;
    };
    expect(looksAtEach(1000)).toBeLessThanOrEqual(looksAtEach(100));
  });
});

describe('the table of causes', () => {
  it('names conditions that there are', () => {
    const known = new Set(CATALOGUE.map(({ name }) => name));
    const names = EXPLANATIONS.flatMap(({ cause, effects }) => [cause.names, effects.names]).flatMap((list) =>
      typeof list === 'string' ? [] : list,
    );
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('lets nothing fire before its cause does', () => {
    const early = EXPLANATIONS.flatMap(({ cause, effects }) => {
      const isVariant = effects.labels?.['partial'] !== undefined || effects.labels?.['clock'] !== undefined;
      const holds = (names: readonly string[] | 'all', pick: (...all: number[]) => number) =>
        pick(
          ...CATALOGUE.filter(
            ({ name, variant }) => typeof names !== 'string' && names.includes(name) && variant === undefined,
          ).map(({ hold }) => hold),
        );
      if (typeof effects.names === 'string' || isVariant) return [];
      return holds(effects.names, Math.min) < holds(cause.names, Math.max) ? [`${cause.names} ${effects.names}`] : [];
    });
    expect(early).toEqual([]);
  });

  it('lets everything end an evaluation of Prometheus before its cause does', () => {
    const entriesOf = ({ names, labels = {} }: AlertPattern) =>
      CATALOGUE.filter(({ name, severity, labels: own }) => {
        const all: Readonly<Record<string, string>> = { ...own, severity };
        const isWanted = ['severity', 'partial', 'clock'].every(
          (label) => labels[label] === undefined || labels[label] === (all[label] ?? ''),
        );
        return typeof names !== 'string' && names.includes(name) && isWanted;
      });
    const pairs = EXPLANATIONS.flatMap(({ cause, effects }) =>
      entriesOf(cause).flatMap((head) =>
        entriesOf(effects).flatMap((effect) => (head === effect ? [] : [{ head, effect }])),
      ),
    );
    expect(pairs.length).toBeGreaterThan(30);
    const early = pairs.filter(({ head, effect }) => (head.keepFiring ?? 0) < (effect.keepFiring ?? 0) + MINUTE_MS);
    expect(early.map(({ head, effect }) => `${head.name} ${effect.name}`)).toEqual([]);
  });
});

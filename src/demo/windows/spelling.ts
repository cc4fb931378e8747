import { NS } from './namespaces.ts';

/** How a stack spells its answers. XML says that none of it matters; clients that search for prefixes find out. */
export const SPELLINGS = [
  /** As Windows: all prefixes declared on the envelope. */
  'windows',
  /** Prefixes of openwsman and of controllers of servers, declared where they are used. */
  'openwsman',
  /** No prefixes: each element declares the default namespace. */
  'default-namespace',
  /** Prefixes that mean something else on Windows, apostrophes around values. */
  'crossed',
] as const;
export type Spelling = (typeof SPELLINGS)[number];

export interface SpellingRules {
  /** Namespace to prefix. A namespace that has none gets one. */
  readonly prefixes: ReadonlyMap<string, string>;
  /** Namespaces declared on the outermost element. */
  readonly declared: readonly string[];
  readonly usesDefault: boolean;
  readonly quote: '"' | "'";
}

const ENVELOPE = [NS.soap, NS.addressing, NS.enumeration, NS.eventing, NS.wsman, NS.microsoft];

export const SPELLING_RULES: Readonly<Record<Spelling, SpellingRules>> = {
  windows: {
    prefixes: prefixes({
      s: NS.soap,
      a: NS.addressing,
      n: NS.enumeration,
      e: NS.eventing,
      w: NS.wsman,
      p: NS.microsoft,
    }),
    declared: ENVELOPE,
    usesDefault: false,
    quote: '"',
  },
  openwsman: {
    prefixes: prefixes({
      'SOAP-ENV': NS.soap,
      wsa: NS.addressing,
      wsen: NS.enumeration,
      wse: NS.eventing,
      wsman: NS.wsman,
      msft: NS.microsoft,
    }),
    declared: [NS.soap],
    usesDefault: false,
    quote: '"',
  },
  'default-namespace': { prefixes: prefixes({}), declared: [], usesDefault: true, quote: '"' },
  crossed: {
    prefixes: prefixes({ w: NS.soap, s: NS.addressing, a: NS.enumeration, n: NS.eventing, e: NS.wsman, p: NS.cim }),
    declared: ENVELOPE,
    usesDefault: false,
    quote: "'",
  },
};

function prefixes(table: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const common = { xsi: NS.xsi, wsmid: NS.identity, f: NS.fault, cim: NS.cim };
  return new Map(Object.entries({ ...common, ...table }).map(([prefix, ns]) => [ns, prefix]));
}

/** The classes of products as administrators call them. */
const CLASS_WORDS: Readonly<Record<string, string>> = {
  client: 'Windows clients',
  server: 'Windows Server',
  office: 'Office',
  unknown: 'unknown products',
};

export function classWords(cls: string): string {
  return CLASS_WORDS[cls] ?? cls;
}

/** `12.5 %`. @param share from 0 to 1 */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** The same in an alert's template. */
export const CLASS_TEMPLATE =
  '{{ if eq $labels.class "client" }}Windows clients{{ else if eq $labels.class "server" }}Windows Server{{ else if eq $labels.class "office" }}Office{{ else }}unknown products{{ end }}';

/** What people and programs write where there is no value; lower case. */
const WORDS = new Set(
  'n/a,na,#n/a,-,--,---,–,—,none,null,(null),<null>,nil,never,never logged on,never seen,not available,unknown,nie,noch nie,jamais,nunca,mai,nooit,<not set>,(never)'.split(
    ',',
  ),
);

/** True for an empty cell and for a word that means that there is nothing. */
export function meansNothing(text: string): boolean {
  return text === '' || WORDS.has(text.toLowerCase());
}

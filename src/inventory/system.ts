import { meansNothing } from './nothing.ts';

export type SystemKind = 'windows' | 'not_windows' | 'before_vista' | 'unsaid';

const WINDOWS = /\bwindows|\bw(?:7|8|1[01])\b|\bwin(?:\b|[\s_-]?(?:7|8|1[01]|x?\d{2}))|\bserver\s*20\d\d\b|hyper-v/i;
/** Windows without volume activation by KMS. */
const OTHER_WINDOWS = /windows\s*(?:phone|mobile|ce|rt|embedded compact)\b|\bmobile\b.*windows|windows subsystem/i;
/** Windows Vista is NT 6.0; the first with volume activation by KMS. */
const OLD_NAME = /(?:\b|windows|server)(?:xp|me|2000|2003|95|98|nt\s*[345])\b/i;
const NT_VERSION = /\bNT\b\D*(\d+)\.\d/i;
/** Words that fit any system, and numbers: alone they say nothing. */
const GENERIC =
  /^(?:[\d.()\s-]|pro(?:fessional)?|enterprise|education|home|ltsc|ltsb|standard|datacenter|server|workstation|client|desktop|laptop|pc|x64|x86|arm64|64-?bit|version|edition|build|other|microsoft|for|business)+$/i;

/** What a source says about the operating system of a machine; `unsaid` counts as Windows. */
export function systemKind(system: string, version: string): SystemKind {
  const text = system.replace(/[®™]|\((?:r|tm)\)/gi, '').trim();
  if (meansNothing(text)) return 'unsaid';
  if (!WINDOWS.test(text)) return GENERIC.test(text) ? 'unsaid' : 'not_windows';
  if (OTHER_WINDOWS.test(text)) return 'not_windows';
  if (OLD_NAME.test(text)) return 'before_vista';
  const major = Number(NT_VERSION.exec(text)?.[1] ?? /^(\d+)\.\d/.exec(version)?.[1] ?? 10);
  return major < 6 ? 'before_vista' : 'windows';
}

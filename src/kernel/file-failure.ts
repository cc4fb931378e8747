/** Why a file that is not there cannot be read. */
export const NO_SUCH_FILE = 'there is no such file; check the path';

export const IS_FOLDER = 'it is a directory; specify a file';
/** Why a program cannot be run that is named without its path. */
export const NO_SUCH_PROGRAM = 'there is no such program; specify it with its path';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: NO_SUCH_FILE,
  ENOTDIR: 'part of its path is not a directory; check the path',
  EACCES: 'permission denied; make it readable for the user that runs kmswatch',
  EISDIR: IS_FOLDER,
  ELOOP: 'its symbolic links form a loop; check the path',
  EMFILE: 'this process may open no more files; raise its limit (LimitNOFILE)',
  EAGAIN: 'it is a pipe, and nothing was written to it in time; specify a file',
};

/** Why a file cannot be read, with a remedy, for a person. @param error what the system threw */
export function fileFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error));
}

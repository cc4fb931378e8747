/**
 * The scripts of Windows and Office as an administrator starts them: in cmd and in PowerShell, on Server Core and in a remote
 * session. Without `cscript`, slmgr answers in a window that nobody sees there. Bare `slmgr` is left where nothing is to be read.
 */
export const SLMGR = 'cscript //nologo C:\\Windows\\System32\\slmgr.vbs';

/** Of Office: it is in the folder of Office. */
export const OSPP = 'cscript //nologo ospp.vbs';

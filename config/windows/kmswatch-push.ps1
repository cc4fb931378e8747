#Requires -Version 5.1
<#
.SYNOPSIS
Sends what this KMS host says of itself, and the new records of its two logs, to kmswatch.

.DESCRIPTION
For Windows PowerShell 5.1, run every five minutes by the task in kmswatch-push.xml. docs/windows.md of kmswatch has the
installation, the rights that it needs, and what to do about each exit code.

It only reads, and writes nothing on the host but its own state below $Folder\state: for each kmswatch the cursor of
each log, the spool with what was not acknowledged yet, and what was refused. The cursor moves on once the spool holds
the records, and a file leaves the spool once kmswatch has answered, for each record in it, what became of it. Sending
twice does no harm: kmswatch knows its records.

    push.token   the token of this host alone; readable by the account of the task, administrators and SYSTEM only
    ca.pem       the root certificate that the certificate of kmswatch must go back to; no other one is trusted

Exit codes, the highest that applies:
    0  everything was sent, or another run is at work
    1  a log or the licensing service could not be read; also PowerShell's own code for a script that it did not run
    2  the settings are wrong: the URL, the token, ca.pem, the certificate of the server, or the folder
    3  kmswatch was not reached, asked to wait, or something else answered; all is kept and sent by a later run
    4  kmswatch refuses this host: the token or the name; all is kept
    5  something was lost or put aside: records were overwritten before they were read, could not be read, or are of no
       use to kmswatch; the latter lie in the folder "refused"

Not yet tried on Windows: docs/windows.md of kmswatch has a list of what to try and send back.

.PARAMETER Url
Where kmswatch listens (https://kmswatch.example.com:11688 by way of example). Several, with commas between them, are sent to
at the same time: each gets everything, and none waits for another.

.PARAMETER HostName
The name of this host in the configuration of kmswatch, or one of its aliases. Default: its full name.

.PARAMETER Check
Tries each step and says what is wrong. Sends no record and changes nothing.

.PARAMETER FromStart
Sends the logs from their oldest records on, whatever was sent before.

.PARAMETER Resend
Sends once more what was refused, for example after an update of kmswatch.

.PARAMETER Output
A file for what it says, in place of the console: a task has none. Each run begins it again.

.EXAMPLE
powershell -NoProfile -File kmswatch-push.ps1 -Url https://kmswatch.example.com:11688 -Check
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Mandatory = $true)] [string[]] $Url,
    [string] $HostName = '',
    [string] $Folder = 'C:\ProgramData\kmswatch',
    # Octets of one request; less than ingest.max_body of kmswatch, and than what a proxy before it lets through.
    [int] $MaxBody = 1048576,
    # Octets that may wait for one kmswatch. When they are reached, the rest stays in the logs until there is room.
    [long] $MaxSpool = 67108864,
    # Seconds after which no new request with records begins; the task ends what takes longer than five minutes.
    [int] $MaxSeconds = 180,
    # Seconds for one request, from the connection to the end of the answer.
    [int] $Timeout = 60,
    [string] $Output = '',
    [switch] $FromStart,
    [switch] $Resend,
    [switch] $Check,
    # `powershell -File` knows no lists: it takes `-Url A, B` for a text with a comma, and one more.
    [Parameter(ValueFromRemainingArguments = $true)] [string[]] $MoreUrls = @()
)

$ErrorActionPreference = 'Stop'
$onlyFunctions = $true
$scripts = 'common', 'report', 'trust', 'answer', 'https', 'spool', 'delivery', 'cursor', 'copy', 'check', 'logs'
foreach ($name in $scripts) { . (Join-Path $PSScriptRoot "$name.ps1") }

$clock = [Diagnostics.Stopwatch]::StartNew()
$stateRoot = Join-Path $Folder 'state'
$tokenFile = Join-Path $Folder 'push.token'
$rootsFile = Join-Path $Folder 'ca.pem'
# Seconds that are kept for the report when records take all of the time.
$reportSeconds = 20
$token = $null
$roots = @()

function Get-OwnName {
    if ($HostName -ne '') { return $HostName }
    $properties = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    if ($properties.DomainName -eq '') { return $properties.HostName }
    return $properties.HostName + '.' + $properties.DomainName
}

# For all threads: Console is the process's. Others may read it meanwhile.
function Set-OutputFile {
    if ($Output -eq '') { return }
    try {
        $writer = New-Object IO.StreamWriter -ArgumentList $Output, $false, $utf8
        $writer.AutoFlush = $true
        [Console]::SetOut($writer)
    } catch { Write-Line "the output cannot be written to ${Output}: $(Get-Reason $_)" }
}

# One that is wrong keeps nothing from the others.
function Get-Targets {
    $texts = @(($Url + $MoreUrls) -split ',' | ForEach-Object { $_.Trim() } | Where-Object { $_ -ne '' })
    $known = @{}
    foreach ($text in $texts) {
        try {
            $found = Get-Target $text
            if (-not $known.ContainsKey((Get-StateName $found))) { $found }
            $known[(Get-StateName $found)] = $true
        } catch { Add-Problem 2 (Get-Reason $_) }
    }
}

# Held until the end: two runs at once would send twice and fight over the cursors. Null while another run has it.
function Lock-State {
    [void] [IO.Directory]::CreateDirectory($stateRoot)
    try {
        return New-Object IO.FileStream -ArgumentList (Join-Path $stateRoot 'lock'), ([IO.FileMode]::OpenOrCreate), ([IO.FileAccess]::ReadWrite), ([IO.FileShare]::None)
    } catch {
        # A sharing or a lock violation; 11 is what it is called elsewhere.
        if (@(32, 33, 11) -contains ($_.Exception.GetBaseException().HResult -band 0xffff)) { return $null }
        throw
    }
}

# Reads the logs into the spool of one kmswatch. $Part: which part of the time for it is over when it has to end.
function New-Job($Report, [double] $Part) {
    Set-State $stateRoot $target
    Remove-Remains
    Move-OldState $stateRoot
    if ($Resend) { Restore-Refused }
    $read = @{}
    $cursor = Get-Cursor
    foreach ($log in $logs) {
        try { Copy-Log $log ($MaxSeconds / 2 * $Part) } catch { Add-Problem 1 "the log '$($log.Name)' was not read to its end: $(Get-Reason $_)" }
    }
    # One for each place, as each adds which logs were read for it.
    $own = $null
    if ($null -ne $Report) {
        $own = [ordered] @{}
        foreach ($key in $Report.Keys) { $own[$key] = $Report[$key] }
    }
    return @{
        About         = $about
        Root          = $stateRoot
        Target        = $target
        Token         = $token
        Roots         = $roots
        OwnName       = $ownName
        Timeout       = $Timeout
        Clock         = $clock
        MaxSeconds    = $MaxSeconds
        ReportSeconds = $reportSeconds
        MaxBody       = $MaxBody
        Report        = $own
        Read          = @($logs | Where-Object { $read.ContainsKey($_.Name) } | ForEach-Object { [ordered] @{ channel = $_.Name; record_id = $read[$_.Name] } })
    }
}

# Each in its own thread where there are several: none waits for another.
function Send-Jobs($Jobs) {
    $sender = Join-Path $PSScriptRoot 'send.ps1'
    if ($Jobs.Length -eq 1) { return & $sender -Job $Jobs[0] }
    $running = foreach ($job in $Jobs) {
        $shell = [powershell]::Create()
        [void] $shell.AddCommand($sender).AddParameter('Job', $job)
        @{ Shell = $shell; Handle = $shell.BeginInvoke() }
    }
    foreach ($each in $running) {
        try { $each.Shell.EndInvoke($each.Handle) }
        catch { Add-Problem 1 (Get-Reason $_) }
        finally { $each.Shell.Dispose() }
    }
}

function Send-Everything($Targets) {
    $report = $null
    try { $report = Get-KmsReport } catch { Add-Problem 1 "the licensing service cannot be read: $(Get-Reason $_)" }
    $jobs = @()
    foreach ($target in $Targets) {
        $about = if ($Targets.Length -gt 1) { "$($target.Authority): " } else { '' }
        $jobs += New-Job $report (($jobs.Length + 1) / $Targets.Length)
    }
    foreach ($code in (Send-Jobs $jobs)) { $script:exitCode = [Math]::Max($script:exitCode, $code) }
}

Set-Output
Set-OutputFile
$targets = @(Get-Targets)
$ownName = Get-OwnName
if ($Check) {
    Write-Line "this host is $ownName"
    Test-Host
    foreach ($target in $targets) { Test-Target }
    exit $exitCode
}
if ($targets.Length -eq 0) { exit $exitCode }
$lock = $null
try {
    $token = Get-Token $tokenFile
    $roots = @(Get-Roots $rootsFile)
    $lock = Lock-State
} catch {
    Add-Problem 2 (Get-Reason $_)
    exit $exitCode
}
if ($null -eq $lock) {
    Write-Line 'another run is at work: this one has nothing to do'
    exit $exitCode
}
try { Send-Everything $targets } catch { Add-Problem 1 (Get-Reason $_) } finally { $lock.Dispose() }
exit $exitCode

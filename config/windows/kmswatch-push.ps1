#Requires -Version 5.1
<#
.SYNOPSIS
Sends what this KMS host says of itself, and the new records of its two logs, to kmswatch.

.DESCRIPTION
For Windows PowerShell 5.1, run every five minutes by the task in kmswatch-push.xml. docs/windows.md of kmswatch has the
installation, the rights that it needs, and what to do about each exit code.

It only reads, and writes nothing on the host but its own state below $Folder\state: the cursor of each log, and the
spool with what kmswatch has not acknowledged yet. The cursor moves on once the spool holds the records, and a file
leaves the spool once kmswatch has answered that it is on disk. Sending twice does no harm: kmswatch knows its records.

    push.token   the token of this host alone; readable by the account of the task, administrators and SYSTEM only
    ca.pem       the root certificate that the certificate of kmswatch must go back to; no other one is trusted

Exit codes, the highest that applies:
    0  everything was sent
    1  a log or the licensing service could not be read
    2  the settings are wrong: the URL, the token, ca.pem, or the folder
    3  kmswatch was not reached or asked to wait; all is kept and sent by a later run
    4  kmswatch refuses this host: the token or the name; all is kept
    5  something was lost: records were overwritten before they were read, or kmswatch could not use them

Not yet tried on Windows: docs/windows.md of kmswatch has a list of what to try and send back.

.PARAMETER Url
Where kmswatch listens, for example https://kmswatch.example.com:11688

.PARAMETER HostName
The name of this host in the configuration of kmswatch, or one of its aliases. Default: its full name.

.PARAMETER Check
Tries each step and says what is wrong. Sends no record and changes nothing.

.PARAMETER FromStart
Sends the logs from their oldest records on, whatever was sent before.

.EXAMPLE
powershell -NoProfile -File kmswatch-push.ps1 -Url https://kmswatch.example.com:11688 -Check
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)] [string] $Url,
    [string] $HostName = '',
    [string] $Folder = 'C:\ProgramData\kmswatch',
    # Octets of one request; less than ingest.max_body of kmswatch, and than what a proxy before it lets through.
    [int] $MaxBody = 1048576,
    # Octets that may wait. When they are reached, the rest stays in the logs until there is room.
    [long] $MaxSpool = 67108864,
    # Seconds after which no new request begins; the task ends what takes longer than five minutes.
    [int] $MaxSeconds = 200,
    [switch] $FromStart,
    [switch] $Check
)

$ErrorActionPreference = 'Stop'
$onlyFunctions = $true
. (Join-Path $PSScriptRoot 'report.ps1')
. (Join-Path $PSScriptRoot 'https.ps1')
. (Join-Path $PSScriptRoot 'logs.ps1')

$invariant = [Globalization.CultureInfo]::InvariantCulture
$utf8 = New-Object Text.UTF8Encoding -ArgumentList $false
$clock = [Diagnostics.Stopwatch]::StartNew()
$state = Join-Path $Folder 'state'
$spool = Join-Path $state 'spool'
$cursorFile = Join-Path $state 'cursor.json'

# Times that a request is tried in one run.
$attempts = 3
# Reports that wait for kmswatch: one day of them.
$maxReports = 288

$exitCode = 0
$number = 0
$sums = @{ accepted = 0; duplicate = 0; ignored = 0; rejected_count = 0; reports = 0 }

# --- what is told -----------------------------------------------------------------------------------------------------

function Write-Line([string] $Text) {
    [Console]::Out.WriteLine([DateTime]::UtcNow.ToString('o', $invariant) + ' ' + $Text)
}

function Add-Problem([int] $Code, [string] $Text) {
    $script:exitCode = [Math]::Max($script:exitCode, $Code)
    Write-Line "problem ${Code}: $Text"
}

function Get-Reason($Failure) { return $Failure.Exception.GetBaseException().Message }

function Test-TimeIsUp([int] $Seconds) { return $clock.Elapsed.TotalSeconds -gt $Seconds }

# --- settings ---------------------------------------------------------------------------------------------------------

function Get-Target {
    $target = New-Object Uri -ArgumentList $Url
    if ($target.Scheme -ne 'https') { throw "the URL has to begin with https://, so that nobody can read the token: $Url" }
    return $target
}

function Get-OwnName {
    if ($HostName -ne '') { return $HostName }
    $properties = [Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties()
    if ($properties.DomainName -eq '') { return $properties.HostName }
    return $properties.HostName + '.' + $properties.DomainName
}

# --- the spool --------------------------------------------------------------------------------------------------------

# Either whole under its name or not there, even when the power goes.
function Write-File([string] $Path, [string] $Text) {
    $octets = $utf8.GetBytes($Text)
    $temporary = "$Path.tmp"
    $stream = New-Object IO.FileStream -ArgumentList $temporary, ([IO.FileMode]::Create), ([IO.FileAccess]::Write), ([IO.FileShare]::None)
    try {
        $stream.Write($octets, 0, $octets.Length)
        $stream.Flush($true)
    } finally { $stream.Dispose() }
    if ([IO.File]::Exists($Path)) { [IO.File]::Replace($temporary, $Path, [NullString]::Value) }
    else { [IO.File]::Move($temporary, $Path) }
}

# The oldest first: their names begin with the kind and the time.
function Get-Spooled([string] $Pattern) { return @([IO.Directory]::GetFiles($spool, $Pattern) | Sort-Object) }

function Get-SpoolSize {
    $size = [long] 0
    foreach ($file in (Get-Spooled '*')) { $size += (New-Object IO.FileInfo -ArgumentList $file).Length }
    return $size
}

# Numbered beside the time: the clock of Windows may stand still for 16 ms, and no file must take another's place.
function Save-Spooled([string] $Kind, [string] $Text) {
    do {
        $script:number++
        $name = $Kind + '-' + [DateTime]::UtcNow.Ticks.ToString('D19', $invariant) + '-' + $script:number.ToString('D6', $invariant) + '.json'
        $path = Join-Path $spool $name
    } while ([IO.File]::Exists($path))
    Write-File $path $Text
}

# --- sending ----------------------------------------------------------------------------------------------------------

# 'taken', 'useless' (kmswatch can never use it), 'large', or 'kept': then nothing more is sent in this run.
function Send-Body([string] $Path, [string] $Type, [string] $Body) {
    for ($attempt = 1; $attempt -le $attempts; $attempt++) {
        $wait = 5
        try {
            $answer = Send-Request $Path $Type $Body
            $status = $answer.Status
            $told = "kmswatch answers $status to ${Path}: $($answer.Reason)"
            if ($status -eq 200 -or $status -eq 204 -or $status -eq 400) { Add-Sums $answer }
            if ($status -eq 200 -or $status -eq 204) { return 'taken' }
            if ($status -eq 413) { return 'large' }
            if ($status -eq 400 -and -not $answer.Reason.Contains('speak for itself')) {
                Add-Problem 5 $told
                return 'useless'
            }
            if ($status -lt 500 -and $status -ne 429 -and $status -ne 408) {
                Add-Problem 4 $told
                return 'kept'
            }
            $wait = $answer.Wait
        } catch { $told = Get-Reason $_ }
        if ($attempt -eq $attempts -or $clock.Elapsed.TotalSeconds + $wait -gt $MaxSeconds) { break }
        Start-Sleep -Seconds $wait
    }
    Add-Problem 3 $told
    return 'kept'
}

function Add-Sums($Answer) {
    foreach ($name in 'accepted', 'duplicate', 'ignored', 'rejected_count') {
        $count = [regex]::Match($Answer.Text, "`"$name`":([0-9]{1,9})")
        if ($count.Success) { $sums[$name] += [int] $count.Groups[1].Value }
    }
    $rejected = [regex]::Match($Answer.Text, '"rejected_count":([1-9][0-9]{0,8})')
    if ($Answer.Status -eq 200 -and $rejected.Success) {
        Add-Problem 5 "kmswatch could not use $($rejected.Groups[1].Value) records, the first because: $($Answer.Reason)"
    }
}

# True when all of the file was dealt with.
function Send-Events([string] $File) {
    $lines = [IO.File]::ReadAllLines($File)
    $next = 0
    while ($next -lt $lines.Length) {
        if (Test-TimeIsUp $MaxSeconds) { return $false }
        $body = New-Object Text.StringBuilder
        $count = 0
        while ($next + $count -lt $lines.Length) {
            $line = $lines[$next + $count]
            if ($count -gt 0 -and $body.Length + $line.Length -ge $script:bodyLimit) { break }
            [void] $body.Append($line).Append("`n")
            $count++
        }
        $outcome = Send-Body '/api/v1/events' 'application/x-ndjson' $body.ToString()
        if ($outcome -eq 'kept') { return $false }
        if ($outcome -eq 'large' -and $count -gt 1) {
            $script:bodyLimit = [int] ($body.Length / 2)
            continue
        }
        if ($outcome -eq 'large') { Add-Problem 5 'a single record is too large for kmswatch, or for a proxy before it' }
        $next += $count
    }
    return $true
}

function Send-Report([string] $File) {
    $outcome = Send-Body "/api/v1/reports/$([Uri]::EscapeDataString($ownName))" 'application/json' ([IO.File]::ReadAllText($File))
    if ($outcome -eq 'taken') { $sums.reports++ }
    if ($outcome -eq 'large') { Add-Problem 5 'the report is too large for kmswatch, or for a proxy before it' }
    return $outcome -ne 'kept'
}

function Send-Spool {
    foreach ($file in (Get-Spooled 'report-*.json')) {
        if ((Test-TimeIsUp $MaxSeconds) -or -not (Send-Report $file)) { break }
        [IO.File]::Delete($file)
    }
    foreach ($file in (Get-Spooled 'events-*.json')) {
        if (-not (Send-Events $file)) { break }
        [IO.File]::Delete($file)
    }
}

function Save-Report {
    try { Save-Spooled 'report' (ConvertTo-AsciiJson (Get-KmsReport)) }
    catch { Add-Problem 1 "the licensing service cannot be read: $(Get-Reason $_)" }
    $waiting = @(Get-Spooled 'report-*.json')
    for ($index = 0; $index -lt $waiting.Length - $maxReports; $index++) {
        Add-Problem 5 'kmswatch has been away for long: the oldest report is dropped'
        [IO.File]::Delete($waiting[$index])
    }
}

# --- the check --------------------------------------------------------------------------------------------------------

function Test-Step([string] $What, [scriptblock] $Step, [int] $Code) {
    try { Write-Line "ok      ${What}: $(& $Step)" }
    catch { Add-Problem $Code "${What}: $(Get-Reason $_)" }
}

function Test-Route([string] $Path) {
    $answer = Send-Request $Path 'application/json' ''
    # An empty body is refused after the token was found good, and nothing comes of it.
    if ($answer.Status -eq 400) { return "the token is taken, the route is there ($($target.DnsSafeHost))" }
    throw "kmswatch answers $($answer.Status): $($answer.Reason)"
}

function Test-Everything {
    Write-Line "this host is $ownName; the account is $([Security.Principal.WindowsIdentity]::GetCurrent().Name)"
    foreach ($log in $logs) {
        Test-Step "log '$($log.Name)'" {
            $record = Get-FirstRecord $log.Name "*[System[$($log.Filter)]]" $true
            if ($null -eq $record) { 'can be read, and has no record of KMS yet' } else { ConvertTo-Line $record }
        } 1
    }
    Test-Step 'licensing service' {
        $report = Get-KmsReport
        if ($report.products.Length -eq 0) { throw 'it names no KMS host key: is this a KMS host, and may the account see it?' }
        ConvertTo-AsciiJson $report
    } 1
    Test-Step "folder $state" {
        $probe = Join-Path $spool 'check'
        Write-File $probe 'check'
        [IO.File]::Delete($probe)
        "can be written; $(Get-SpoolSize) octets wait for kmswatch"
    } 2
    Test-Step 'records to kmswatch' { Test-Route '/api/v1/events' } 4
    Test-Step 'report to kmswatch' { Test-Route "/api/v1/reports/$([Uri]::EscapeDataString($ownName))" } 4
}

# --- the run ----------------------------------------------------------------------------------------------------------

# Not every host of PowerShell has a console to set.
try { [Console]::OutputEncoding = $utf8 } catch { Write-Line 'the output is not in UTF-8' }

$lock = $null
try {
    $target = Get-Target
    $ownName = Get-OwnName
    $token = Get-Token
    $roots = @(Get-Roots)
    $bodyLimit = $MaxBody
    [void] [IO.Directory]::CreateDirectory($spool)
    # Held until the end: two runs at once would send twice and fight over the cursor.
    $lock = New-Object IO.FileStream -ArgumentList (Join-Path $state 'lock'), ([IO.FileMode]::OpenOrCreate), ([IO.FileAccess]::ReadWrite), ([IO.FileShare]::None)
    # Left by a run that was killed while it wrote.
    foreach ($file in (Get-Spooled '*.tmp')) { [IO.File]::Delete($file) }
} catch {
    Add-Problem 2 (Get-Reason $_)
    exit $exitCode
}

try {
    if ($Check) { Test-Everything } else {
        $cursor = Get-Cursor
        foreach ($log in $logs) {
            try { Copy-Log $log } catch { Add-Problem 1 "the log '$($log.Name)' cannot be read: $(Get-Reason $_)" }
        }
        Save-Report
        Send-Spool
        Write-Line "sent: accepted $($sums.accepted), duplicate $($sums.duplicate), ignored $($sums.ignored), rejected $($sums.rejected_count), reports $($sums.reports); waiting: $(Get-SpoolSize) octets"
    }
} catch { Add-Problem 1 (Get-Reason $_) } finally { $lock.Dispose() }
exit $exitCode

#Requires -Version 5.1
<#
.SYNOPSIS
Sends the two logs of this KMS host to kmswatch, with nothing but Windows PowerShell 5.1 and the token of `ingest`.

.DESCRIPTION
Once, for the history that the log still has, from the folder with all the scripts of config/windows:

    powershell -NoProfile -File import-history.ps1 -Url https://kmswatch.example.com:11688

Or instead of a log shipper, as a task that runs every 15 minutes and sends the last two days each time:

    schtasks /Create /F /TN kmswatch /RU SYSTEM /SC MINUTE /MO 15 /TR "powershell -NoProfile -File C:\kmswatch\import-history.ps1 -Url https://kmswatch.example.com:11688 -Hours 48"

kmswatch knows a record that it has already and counts it as a duplicate, so sending twice does no harm, and a run that
failed is made good by the next one. Nothing is kept on disk: the log itself is the buffer.

Without a network between the two, export here and import there:

    wevtutil epl "Key Management Service" kms.evtx
    wevtutil epl Application application.evtx "/q:*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12291 or EventID=12292 or EventID=12293 or EventID=12294)]]"
    kmswatch import kms.evtx application.evtx        (on the machine of kmswatch)

Exit codes are those of kmswatch-push.ps1.

.PARAMETER Url
Where kmswatch listens, for example https://kmswatch.example.com:11688

.PARAMETER TokenFile
A file with the token of `ingest` alone, which only SYSTEM and administrators can read.

.PARAMETER CaFile
The root certificate that the certificate of kmswatch must go back to. Default: ca.pem beside the token where it exists,
else the roots that Windows trusts.

.PARAMETER Hours
How far back; 0 is the whole log.
#>
[CmdletBinding(PositionalBinding = $false)]
param(
    [Parameter(Mandatory = $true)] [string] $Url,
    [string] $TokenFile = 'C:\ProgramData\kmswatch\ingest.token',
    [string] $CaFile = '',
    [int] $Hours = 0,
    # Octets of one request; less than ingest.max_body of kmswatch, and than what a proxy before it lets through.
    [int] $MaxBody = 1048576,
    # Seconds for one request, from the connection to the end of the answer.
    [int] $Timeout = 60
)

$ErrorActionPreference = 'Stop'
$onlyFunctions = $true
foreach ($name in 'common', 'report', 'trust', 'answer', 'https', 'delivery', 'logs') { . (Join-Path $PSScriptRoot "$name.ps1") }

$clock = [Diagnostics.Stopwatch]::StartNew()
# It takes as long as it takes.
$MaxSeconds = [int]::MaxValue
$bodyLimit = $MaxBody
$attempts = 5
$away = $false
# There is no next run that would go on.
$maxSteps = [int]::MaxValue
$beyond = 9007199254740991

# Nothing is put aside: the log has it.
function Add-Refused([string[]] $Lines, [string] $Why) {
    Add-Problem 5 "$($Lines.Length) records are of no use to kmswatch: $Why"
}

# Returns false when nothing more can be sent
function Send-Waiting {
    if ($waiting.Count -eq 0) { return $true }
    $lines = $waiting.ToArray()
    $waiting.Clear()
    $script:size = 0
    return Send-Records $lines
}

function Add-Waiting([string] $Line) {
    $waiting.Add($Line)
    $script:size += $Line.Length + 1
    if ($script:size -lt $MaxBody) { return $true }
    return Send-Waiting
}

function Import-Log($Log) {
    $filter = $Log.Filter
    # Windows' own way to say how far back, in milliseconds.
    if ($Hours -gt 0) { $filter += " and TimeCreated[timediff(@SystemTime) <= $([long] $Hours * 3600000)]" }
    $skipped = @{ Count = 0; First = '' }
    $place = Read-Log @{ Name = $Log.Name; Filter = $filter } 0 $beyond { param($line) Add-Waiting $line } {
        param($number, $reason)
        if ($skipped.Count -eq 0) { $skipped.First = "$number, because: $reason" }
        $skipped.Count++
    }
    if ($skipped.Count -gt 0) { Add-Problem 5 "the log '$($Log.Name)' has $($skipped.Count) records that cannot be read; they were stepped over, the first is number $($skipped.First)" }
    if ($place.Through) { [void] (Send-Waiting) }
}

Set-Output
try {
    $target = Get-Target ($Url -replace '/api/v1/events/*$', '')
    $token = Get-Token $TokenFile
    if ($CaFile -eq '') {
        $beside = Join-Path (Split-Path -Parent $TokenFile) 'ca.pem'
        if ([IO.File]::Exists($beside)) { $CaFile = $beside }
    }
    $roots = @(if ($CaFile -ne '') { Get-Roots $CaFile })
} catch {
    Add-Problem 2 (Get-Reason $_)
    exit $exitCode
}

foreach ($log in $logs) {
    # A server that is away for one log is so for the other.
    if ($away) { break }
    $waiting = New-Object Collections.Generic.List[string]
    $size = 0
    try { Import-Log $log } catch { Add-Problem 1 "the log '$($log.Name)' was not read to its end: $(Get-Reason $_)" }
}
Write-Line "sent: accepted $($sums.accepted), duplicate $($sums.duplicate), ignored $($sums.ignored), rejected $($sums.rejected_count)"
exit $exitCode

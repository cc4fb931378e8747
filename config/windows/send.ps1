#Requires -Version 5.1
<#
.SYNOPSIS
Sends to one kmswatch what waits for it. kmswatch-push.ps1 runs it, once for each URL, at the same time.

.DESCRIPTION
Records first, then the report: it names the logs that were read only when none of their records waits any more, so that
it says nothing of which kmswatch has not had the records.
#>
[CmdletBinding()]
param([Parameter(Mandatory = $true)] [hashtable] $Job)

$ErrorActionPreference = 'Stop'
$onlyFunctions = $true
foreach ($file in 'common.ps1', 'report.ps1', 'trust.ps1', 'answer.ps1', 'https.ps1', 'spool.ps1', 'delivery.ps1') {
    . (Join-Path $PSScriptRoot $file)
}

$about = $Job.About
$target = $Job.Target
$token = $Job.Token
$roots = $Job.Roots
$ownName = $Job.OwnName
$timeout = $Job.Timeout
$clock = $Job.Clock
$MaxSeconds = $Job.MaxSeconds
$bodyLimit = $Job.MaxBody
# Nothing more is sent to a kmswatch that does not answer.
$away = $false

# False when nothing after it can be sent either.
function Send-EventFile([string] $File) {
    $lines = @([IO.File]::ReadAllLines($File) | Where-Object { $_.Trim() -ne '' })
    # Each is one record, so that the numbers of the answer can be held against it.
    $broken = @($lines | Where-Object { -not ($_.StartsWith('{', [StringComparison]::Ordinal) -and $_.EndsWith('}', [StringComparison]::Ordinal)) })
    if ($broken.Length -gt 0) {
        Add-Refused $broken "the file $File of the spool is damaged"
        $lines = @($lines | Where-Object { $broken -notcontains $_ })
    }
    return Send-Records $lines
}

function Send-ReportFile([string] $File) {
    $text = [IO.File]::ReadAllText($File)
    $sent = Send-Body "/api/v1/reports/$([Uri]::EscapeDataString($ownName))" 'application/json' $text 0
    if ($sent.Outcome -eq 'taken') { $sums.reports++ }
    if ($sent.Outcome -eq 'refused' -or $sent.Outcome -eq 'large') {
        # The newest alone: each report takes the place of the one before it.
        $kept = Join-Path $refused 'report.json'
        Write-File $kept $text
        Add-Problem 5 "the report is of no use to kmswatch and lies in ${kept}: $($sent.Told)"
    }
    return $sent.Outcome -ne 'kept'
}

function Send-Files([string] $Pattern, [string] $Send) {
    foreach ($file in (Get-Files $spool $Pattern)) {
        if ($script:away -or (Test-TimeIsUp $MaxSeconds) -or -not (& $Send $file)) { return }
        [IO.File]::Delete($file)
    }
}

try {
    Set-State $Job.Root $target
    Send-Files 'events-*.json' 'Send-EventFile'
    if ($null -ne $Job.Report) {
        $report = $Job.Report
        if (@(Get-Files $spool 'events-*.json').Length -eq 0) { $report['logs'] = @($Job.Read) }
        Save-Report (ConvertTo-AsciiJson $report)
    }
    # Time is kept for it, however many records wait.
    $MaxSeconds += $Job.ReportSeconds
    Send-Files 'report-*.json' 'Send-ReportFile'
    $waiting = (Get-Size $spool).ToString($invariant)
    Write-Line "sent: accepted $($sums.accepted), duplicate $($sums.duplicate), ignored $($sums.ignored), rejected $($sums.rejected_count), reports $($sums.reports); waiting: $waiting bytes"
} catch { Add-Problem 1 "nothing more was sent: $(Get-Reason $_)" }
return $exitCode

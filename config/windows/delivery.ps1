#Requires -Version 5.1
<#
.SYNOPSIS
How records and reports are handed over to one kmswatch: what it acknowledged, refused, or is to be given again.

.DESCRIPTION
Only functions, which the other scripts dot-source, with $clock (a stopwatch), $MaxSeconds, $bodyLimit and $ownName of
them.
#>

# Times that a request is tried in one run.
$attempts = 3

$sums = @{ accepted = 0; duplicate = 0; ignored = 0; rejected_count = 0; reports = 0 }

# 'taken': on disk at kmswatch, by its own word. 'refused': it can never use it. 'large'. 'later': to be tried again.
# 'kept': trying again is of no use before somebody has changed something.
# $Records is 0 for a report.
function Get-Outcome($Answer, [long] $Records) {
    $status = $Answer.Status
    if ($status -eq 413) { return 'large' }
    if ($Records -eq 0 -and $status -eq 204) { return 'taken' }
    if ($Records -gt 0 -and $status -eq 200 -and (Get-Dealt $Answer.Json) -eq $Records) { return 'taken' }
    if ($status -eq 400 -and $null -ne $Answer.Json) {
        $refused = if ($Records -gt 0) { (Get-Number $Answer.Json 'rejected_count') -gt 0 } else { $Answer.Json.error -is [string] }
        # An alias in the configuration of kmswatch is enough, and then all of it is of use.
        if ($refused -and -not (Get-Told $Answer).Contains('send its own records')) { return 'refused' }
    }
    if ($status -ge 300 -and $status -lt 500 -and $status -ne 408 -and $status -ne 429) { return 'kept' }
    return 'later'
}

# Whatever is not of use as an answer is a reason to come again: sending twice does no harm.
function Send-Body([string] $Path, [string] $Type, [string] $Body, [long] $Records) {
    for ($attempt = 1; $attempt -le $attempts; $attempt++) {
        $wait = 5
        try {
            $answer = Send-Request $Path $Type $Body
            $outcome = Get-Outcome $answer $Records
            $told = "kmswatch answers $($answer.Status) to ${Path}: $(Get-Told $answer)"
            if ($outcome -ne 'later') {
                if ($outcome -eq 'kept') { Add-Problem 4 $told }
                return @{ Outcome = $outcome; Told = $told; Json = $answer.Json }
            }
            if ($answer.Status -eq 200) { $told += '; it acknowledges nothing' }
            $wait = $answer.Wait
        } catch {
            $told = Get-Reason $_
            if ($script:trust) {
                $script:away = $true
                Add-Problem 2 $told
                return @{ Outcome = 'kept' }
            }
        }
        if ($attempt -eq $attempts -or (Test-TimeIsUp ($MaxSeconds - $wait))) { break }
        Start-Sleep -Seconds $wait
    }
    $script:away = $true
    Add-Problem 3 $told
    return @{ Outcome = 'kept' }
}

# Of the records that were sent, those that kmswatch could not use. Where it does not name each of them, all.
function Get-Rejected([string[]] $Lines, $Json) {
    $indexes = @($Json.rejected | ForEach-Object { Get-Number $_ 'index' })
    $named = $indexes.Length -eq (Get-Number $Json 'rejected_count')
    foreach ($index in $indexes) { if ($index -lt 0 -or $index -ge $Lines.Length) { $named = $false } }
    if (-not $named) { return $Lines }
    return @($indexes | ForEach-Object { $Lines[$_] })
}

function Add-Refused([string[]] $Lines, [string] $Why) {
    $file = Save-Refused (($Lines -join "`n") + "`n")
    Add-Problem 5 "$($Lines.Length) records are of no use to kmswatch and lie in ${file}: $Why"
}

# Returns 'large' when they have to be fewer, 'kept' when nothing more can be sent, else 'done'.
function Send-Lines([string[]] $Lines) {
    $sent = Send-Body '/api/v1/events' 'application/x-ndjson' (($Lines -join "`n") + "`n") $Lines.Length
    if ($sent.Outcome -eq 'kept') { return 'kept' }
    if ($sent.Outcome -eq 'large') {
        if ($Lines.Length -gt 1) { return 'large' }
        Add-Refused $Lines "a single record is too large, $($sent.Told)"
        return 'done'
    }
    foreach ($name in 'accepted', 'duplicate', 'ignored', 'rejected_count') { $sums[$name] += [Math]::Max(0, (Get-Number $sent.Json $name)) }
    if ((Get-Number $sent.Json 'rejected_count') -gt 0) { Add-Refused @(Get-Rejected $Lines $sent.Json) $sent.Told }
    return 'done'
}

# True when all of them were dealt with.
function Send-Records([string[]] $Lines) {
    $next = 0
    while ($next -lt $Lines.Length) {
        if (Test-TimeIsUp $MaxSeconds) { return $false }
        $count = 0
        $size = 0
        while ($next + $count -lt $Lines.Length) {
            $size += $Lines[$next + $count].Length + 1
            if ($count -gt 0 -and $size -gt $script:bodyLimit) { break }
            $count++
        }
        $outcome = Send-Lines @($Lines[$next..($next + $count - 1)])
        if ($outcome -eq 'kept') { return $false }
        if ($outcome -eq 'large') { $script:bodyLimit = [int] ($size / 2) } else { $next += $count }
    }
    return $true
}

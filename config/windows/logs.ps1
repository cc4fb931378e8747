#Requires -Version 5.1
<#
.SYNOPSIS
How the two logs of a KMS host are read, past whatever in them cannot be read.

.DESCRIPTION
Only functions, which the other scripts dot-source, with the functions that they write with.
#>

# Shared: most of its records are of other programs.
$logs = @(
    @{ Name = 'Key Management Service'; Filter = '(EventID=12290)'; Shared = $false },
    @{
        Name   = 'Application'
        Filter = "Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12291 or EventID=12292 or EventID=12293 or EventID=12294)"
        Shared = $true
    }
)

# Records that Windows is asked for at a time. Before Windows 11 a call fails when they have more than about 2 MB
# together ("The array bounds are invalid"): .NET's own 64 are too many for large ones.
$batchSize = 16
# Records that one run steps over, each of which costs a search: a log with more of them takes several runs.
$maxSteps = 50

# The one place that reads logs. Not Get-WinEvent, which renders the message of each record: tens of times slower, and
# nobody reads it.
function Open-Log([string] $Name, [string] $Filter, [bool] $NewestFirst, [int] $BatchSize = 1) {
    $kind = [Diagnostics.Eventing.Reader.PathType]::LogName
    $query = New-Object Diagnostics.Eventing.Reader.EventLogQuery -ArgumentList $Name, $kind, $Filter
    $query.ReverseDirection = $NewestFirst
    $reader = New-Object Diagnostics.Eventing.Reader.EventLogReader -ArgumentList $query
    $reader.BatchSize = $BatchSize
    return $reader
}

function Get-FirstRecord([string] $Name, [string] $Filter, [bool] $NewestFirst) {
    $reader = Open-Log $Name $Filter $NewestFirst 1
    try { return $reader.ReadEvent() } finally { $reader.Dispose() }
}

function Get-Range([string] $Filter, [long] $After, [long] $UpTo) {
    return "*[System[$Filter and (EventRecordID > $After) and (EventRecordID <= $UpTo)]]"
}

# Whether a failure is that of one record, and not of the log: there is no right to read it, it is gone, or Windows
# does not answer. Then another record can be read.
function Test-OneRecord([string] $Name, $Failure) {
    $kind = $Failure.Exception.GetBaseException().GetType().Name
    if ($kind -eq 'UnauthorizedAccessException' -or $kind -eq 'EventLogNotFoundException') { return $false }
    foreach ($newestFirst in $true, $false) {
        try { if ($null -ne (Get-FirstRecord $Name '*' $newestFirst)) { return $true } } catch { $kind = '' }
    }
    return $false
}

# The number of the first record after $After at which reading fails; 0 when it does not fail any more. Up to a number
# below it all goes well, up to any other it fails: so it can be halved. The first steps are small, as most often it is
# the very next one.
function Find-Unreadable([string] $Name, [string] $Filter, [long] $After, [long] $UpTo) {
    $good = $After
    $step = [long] 1
    while ($true) {
        $bad = [Math]::Min($UpTo, $After + $step)
        if (-not (Test-Range $Name $Filter $After $bad)) { break }
        if ($bad -ge $UpTo) { return [long] 0 }
        $good = $bad
        $step *= 2
    }
    while ($bad - $good -gt 1) {
        $middle = $good + [long] [Math]::Floor(($bad - $good) / 2)
        if (Test-Range $Name $Filter $After $middle) { $good = $middle } else { $bad = $middle }
    }
    return $bad
}

function Test-Range([string] $Name, [string] $Filter, [long] $After, [long] $UpTo) {
    try {
        [void] (Get-FirstRecord $Name (Get-Range $Filter $After $UpTo) $false)
        return $true
    } catch { return $false }
}

function ConvertTo-Line($Record) {
    $data = New-Object Collections.Generic.List[string]
    foreach ($property in $Record.Properties) {
        # Octets that somebody attached to a record are none of its strings.
        if ($property.Value -isnot [byte[]]) { $data.Add([string] $property.Value) }
    }
    return ConvertTo-AsciiJson ([ordered] @{
        host      = $Record.MachineName
        channel   = $Record.LogName
        record_id = [long] $Record.RecordId
        time      = $Record.TimeCreated.ToUniversalTime().ToString('o', $invariant)
        event_id  = $Record.Id
        provider  = $Record.ProviderName
        data      = $data.ToArray()
    })
}

# Gives each record of a range to $Take, oldest first: its line (null where it cannot be made) and the record. What
# cannot be read is stepped over by its number and given to $Skip, with the reason. Either ends it by `$false`.
# Returns the number up to which the log was read, and whether that is all of it.
function Read-Log($Log, [long] $After, [long] $UpTo, [scriptblock] $Take, [scriptblock] $Skip) {
    $place = @{ Number = $After; Through = $false; Steps = 0 }
    $batch = $batchSize
    while ($true) {
        $end = Read-Stretch $Log $place $UpTo $batch $Take $Skip
        if ($end -is [string]) {
            $place.Through = $end -eq 'through'
            break
        }
        # Again from the last record that was read, one at a time: a batch fails as a whole.
        if ($batch -gt 1) { $batch = 1; continue }
        if (-not (Test-OneRecord $Log.Name $end)) { throw $end }
        $bad = Find-Unreadable $Log.Name $Log.Filter $place.Number $UpTo
        $place.Steps++
        if ($place.Steps -gt $maxSteps) { break }
        if ($bad -gt 0) {
            $place.Number = $bad
            if ((& $Skip $bad (Get-Reason $end)) -eq $false) { break }
        }
        $batch = $batchSize
    }
    return $place
}

# Returns 'through' or 'ended', or the failure.
function Read-Stretch($Log, $Place, [long] $UpTo, [int] $Batch, [scriptblock] $Take, [scriptblock] $Skip) {
    $reader = Open-Log $Log.Name (Get-Range $Log.Filter $Place.Number $UpTo) $false $Batch
    try {
        while ($true) {
            try { $record = $reader.ReadEvent() } catch { return $_ }
            if ($null -eq $record) { return 'through' }
            $Place.Number = [long] $record.RecordId
            $line = $null
            try { $line = ConvertTo-Line $record } catch { $reason = Get-Reason $_ }
            $more = if ($null -eq $line) { & $Skip $Place.Number $reason } else { & $Take $line $record }
            $record.Dispose()
            if ($more -eq $false) { return 'ended' }
        }
    } finally { $reader.Dispose() }
}

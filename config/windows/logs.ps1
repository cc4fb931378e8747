#Requires -Version 5.1
<#
.SYNOPSIS
How kmswatch-push.ps1 reads the two logs of a KMS host: new records into the spool, and then the cursor.

.DESCRIPTION
Only functions, which kmswatch-push.ps1 dot-sources, with its settings and its functions for the spool.
#>

$logs = @(
    @{ Name = 'Key Management Service'; Filter = '(EventID=12290)' },
    @{
        Name   = 'Application'
        Filter = "Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12291 or EventID=12292 or EventID=12293 or EventID=12294)"
    }
)

function Open-Log([string] $Name, [string] $Filter, [bool] $NewestFirst) {
    $kind = [Diagnostics.Eventing.Reader.PathType]::LogName
    $query = New-Object Diagnostics.Eventing.Reader.EventLogQuery -ArgumentList $Name, $kind, $Filter
    $query.ReverseDirection = $NewestFirst
    # Not Get-WinEvent, which renders the message of each record: tens of times slower, and nobody reads it.
    return New-Object Diagnostics.Eventing.Reader.EventLogReader -ArgumentList $query
}

function Get-FirstRecord([string] $Name, [string] $Filter, [bool] $NewestFirst) {
    $reader = Open-Log $Name $Filter $NewestFirst
    try { return $reader.ReadEvent() } finally { $reader.Dispose() }
}

# A record by its number and its time: after a log was cleared, its numbers begin again.
function Get-Mark($Record) {
    return @{ record_id = [long] $Record.RecordId; filetime = $Record.TimeCreated.ToFileTimeUtc().ToString($invariant) }
}

function Get-Cursor {
    $marks = @{}
    if ($FromStart -or -not [IO.File]::Exists($cursorFile)) { return $marks }
    try {
        $saved = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($cursorFile))
        foreach ($log in $logs) {
            $mark = $saved.($log.Name)
            if ($null -ne $mark) { $marks[$log.Name] = @{ record_id = [long] $mark.record_id; filetime = [string] $mark.filetime } }
        }
    } catch {
        Write-Line "the cursor cannot be read, the logs are sent from their start: $(Get-Reason $_)"
        $marks = @{}
    }
    return $marks
}

function Save-Mark([string] $Name, $Mark) {
    $cursor[$Name] = $Mark
    Write-File $cursorFile (ConvertTo-AsciiJson $cursor)
}

# The number after which records are new; 0 for all that the log has.
function Get-Start([string] $Name) {
    $mark = $cursor[$Name]
    if ($null -eq $mark) { return [long] 0 }
    $known = Get-FirstRecord $Name "*[System[(EventRecordID=$($mark.record_id))]]" $false
    if ($null -ne $known -and (Get-Mark $known).filetime -eq $mark.filetime) { return $mark.record_id }
    $oldest = Get-FirstRecord $Name '*' $false
    if ($null -ne $oldest -and $null -eq $known -and $oldest.RecordId -gt $mark.record_id) {
        if ($oldest.RecordId -gt $mark.record_id + 1) {
            Add-Problem 5 "the log '$Name' has lost records before they were read, $($mark.record_id + 1) to $($oldest.RecordId - 1): it was cleared, or is too small for what is written between two runs"
        }
    } else { Write-Line "the log '$Name' was cleared since the last run: it is read from its start" }
    return [long] 0
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

# False when there is no room: then the log keeps what is left, and so does the cursor.
function Save-Records([string] $Name, $Lines, $Mark) {
    if ($Lines.Length -gt 0) {
        if ((Get-SpoolSize) + $Lines.Length -gt $MaxSpool) {
            Add-Problem 3 "the spool is full ($MaxSpool octets): the rest of '$Name' stays in the log until there is room"
            return $false
        }
        Save-Spooled 'events' $Lines.ToString()
    }
    Save-Mark $Name $Mark
    return $true
}

# In half of the time of a run: the other half is for sending. The next run goes on from the cursor.
function Copy-Log($Log) {
    $half = [int] ($MaxSeconds / 2)
    $newest = Get-FirstRecord $Log.Name '*' $true
    if ($null -eq $newest) { return }
    $start = Get-Start $Log.Name
    if ($newest.RecordId -le $start) { return }
    $lines = New-Object Text.StringBuilder
    $reader = Open-Log $Log.Name "*[System[$($Log.Filter) and (EventRecordID > $start) and (EventRecordID <= $($newest.RecordId))]]" $false
    try {
        while ($null -ne ($record = $reader.ReadEvent())) {
            [void] $lines.Append((ConvertTo-Line $record)).Append("`n")
            $mark = Get-Mark $record
            $record.Dispose()
            if ($lines.Length -lt $MaxBody -and -not (Test-TimeIsUp $half)) { continue }
            if (-not (Save-Records $Log.Name $lines $mark)) { return }
            $lines = New-Object Text.StringBuilder
            if (Test-TimeIsUp $half) { return }
        }
    } finally { $reader.Dispose() }
    [void] (Save-Records $Log.Name $lines (Get-Mark $newest))
}

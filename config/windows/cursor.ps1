#Requires -Version 5.1
<#
.SYNOPSIS
Up to where each log was read for one kmswatch, and from where on its records are new.

.DESCRIPTION
Only functions, which kmswatch-push.ps1 dot-sources, with its settings and the functions of logs.ps1.
#>

# A record by its number and its time: after a log was cleared, its numbers begin again. Everything up to `after` was
# read; that is a later number where what follows the record cannot be read.
function Get-Mark($Record) {
    $id = [long] $Record.RecordId
    return @{ record_id = $id; filetime = $Record.TimeCreated.ToFileTimeUtc().ToString($invariant); after = $id }
}

function Read-Cursor([string] $Path) {
    $marks = @{}
    $saved = ConvertFrom-Json -InputObject ([IO.File]::ReadAllText($Path))
    foreach ($log in $logs) {
        $mark = $saved.($log.Name)
        if ($null -eq $mark) { continue }
        $after = if ($null -eq $mark.after) { [long] $mark.record_id } else { [long] $mark.after }
        $marks[$log.Name] = @{ record_id = [long] $mark.record_id; filetime = [string] $mark.filetime; after = $after }
    }
    return $marks
}

# A run that ended while one took the place of the other may have left the new one alone.
function Get-Cursor {
    if ($FromStart) { return @{} }
    foreach ($path in $cursorFile, "$cursorFile.tmp") {
        if (-not [IO.File]::Exists($path)) { continue }
        try { return Read-Cursor $path } catch {
            Write-Line "the cursor cannot be read, the logs are sent from their start: $(Get-Reason $_)"
        }
    }
    return @{}
}

function Save-Mark([string] $Name, $Mark) {
    $cursor[$Name] = $Mark
    Write-File $cursorFile (ConvertTo-AsciiJson $cursor)
}

# True while the record of the mark is still the one that it was. One that has become unreadable is taken for it.
function Test-Mark([string] $Name, $Mark) {
    try { $known = Get-FirstRecord $Name "*[System[(EventRecordID=$($Mark.record_id))]]" $true }
    catch {
        if (-not (Test-OneRecord $Name $_)) { throw }
        return $true
    }
    if ($null -eq $known) { return $null }
    return (Get-Mark $known).filetime -eq $Mark.filetime
}

# The number after which records are new; 0 for all that the log has. $Newest is the number of the newest record.
function Get-Start($Log, [long] $Newest) {
    $name = $Log.Name
    $mark = $cursor[$name]
    if ($null -eq $mark) { return [long] 0 }
    # Not even the first record could be read.
    if ($mark.record_id -eq 0 -and $Newest -ge $mark.after) { return $mark.after }
    $same = Test-Mark $name $mark
    if ($same -and $Newest -ge $mark.after) { return $mark.after }
    $oldest = $null
    try { $oldest = Get-FirstRecord $name '*' $false } catch { if (-not (Test-OneRecord $name $_)) { throw } }
    if ($null -eq $same -and $null -ne $oldest -and $oldest.RecordId -gt $mark.after) {
        if ($oldest.RecordId -gt $mark.after + 1) { Add-Gap $Log ($mark.after + 1) ($oldest.RecordId - 1) }
    } else { Write-Line "the log '$name' was cleared since the last run: it is read from its start" }
    return [long] 0
}

function Add-Gap($Log, [long] $From, [long] $To) {
    $told = "the log '$($Log.Name)' has lost records before they were read, $From to ${To}: it was cleared, or is too small for what is written between two runs"
    if ($Log.Shared) { Write-Line "$told. Most or all of them were of other programs" } else { Add-Problem 5 $told }
}

#Requires -Version 5.1
<#
.SYNOPSIS
How the new records of a log come into the spool of one kmswatch, and then its cursor after them.

.DESCRIPTION
Only functions, which kmswatch-push.ps1 dot-sources, with its settings.
#>

# Where it is not known which record is the newest: the largest whole number that XPath is sure of.
$beyond = 9007199254740991

# False when there is no room: then the log keeps what is left, and so does the cursor.
function Save-Lines($Copy) {
    if ($Copy.Lines.Length -gt 0) {
        if ((Get-Size $spool) + $Copy.Lines.Length -gt $MaxSpool) {
            Add-Problem 3 "the spool is full ($MaxSpool bytes): the rest of '$($Copy.Name)' stays in the log until there is room"
            $Copy.Full = $true
            return $false
        }
        [void] (Save-Numbered $spool 'events' $Copy.Lines.ToString())
        $Copy.Lines = New-Object Text.StringBuilder
    }
    if ($null -ne $Copy.Mark) { Save-Mark $Copy.Name $Copy.Mark }
    return $true
}

function Add-Line($Copy, [string] $Line, $Record) {
    [void] $Copy.Lines.Append($Line).Append("`n")
    $Copy.Mark = Get-Mark $Record
    if ($Copy.Lines.Length -lt $MaxBody -and -not (Test-TimeIsUp $Copy.Until)) { return $true }
    return (Save-Lines $Copy) -and -not (Test-TimeIsUp $Copy.Until)
}

function Add-Skipped($Copy, [long] $Number, [string] $Reason) {
    if ($Copy.Skipped -eq 0) { $Copy.FirstSkipped = "$Number, because: $Reason" }
    $Copy.Skipped++
    # The mark stays a record that can be found again.
    if ($null -eq $Copy.Mark) { $Copy.Mark = @{ record_id = [long] 0; filetime = ''; after = $Number } } else { $Copy.Mark.after = $Number }
    return -not (Test-TimeIsUp $Copy.Until)
}

# Sets $read[name] to the number up to which the log was read. $Until: seconds after the start of the run.
function Copy-Log($Log, [double] $Until) {
    $name = $Log.Name
    $copy = @{ Name = $name; Until = $Until; Lines = New-Object Text.StringBuilder; Mark = $cursor[$name]; Skipped = 0; FirstSkipped = ''; Full = $false }
    $newest = $null
    $end = [long] $beyond
    try {
        $newest = Get-FirstRecord $name '*' $true
        if ($null -eq $newest) {
            $read[$name] = [long] 0
            return
        }
        $end = [long] $newest.RecordId
    } catch { if (-not (Test-OneRecord $name $_)) { throw } }
    $start = Get-Start $Log $end
    # Of another log, or of one that has been cleared, nothing is left.
    if ($start -eq 0) { $copy.Mark = $null }
    $place = @{ Number = $start; Through = $true }
    try {
        if ($end -gt $start) {
            $place = Read-Log $Log $start $end { param($line, $record) Add-Line $copy $line $record } { param($number, $reason) Add-Skipped $copy $number $reason }
        }
    } finally {
        # Also where the reading broke off: what was read so far is not thrown away.
        $saved = -not $copy.Full -and (Save-Lines $copy)
        if ($copy.Skipped -gt 0) { Add-Problem 5 "the log '$name' has $($copy.Skipped) records that cannot be read; they were stepped over, the first is number $($copy.FirstSkipped)" }
    }
    if ($copy.Full -or -not $saved) { return }
    # The newest of all is the best mark: those of KMS may be rare, and long overwritten when the next one comes.
    if ($place.Through -and $null -ne $newest.TimeCreated -and $end -gt $start) {
        Save-Mark $name (Get-Mark $newest)
        $place.Number = $end
    }
    $read[$name] = $place.Number
}

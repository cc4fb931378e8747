#Requires -Version 5.1
<#
.SYNOPSIS
What waits for one kmswatch: its cursor, its spool, and what it refused.

.DESCRIPTION
Only functions, which the other scripts dot-source, with $MaxSpool of them. Each kmswatch has its own folder below
$Folder\state, named after its URL:

    cursor.json   up to where each log was read into the spool
    spool         what this kmswatch has not acknowledged yet
    refused       what it could not use, at most 16 MiB
#>

# Octets of what was refused, and reports that wait: one day of them.
$maxRefused = 16777216
$maxReports = 288

$number = 0

function Get-StateName($Target) {
    $name = $Target.IdnHost + '_' + $Target.Port.ToString($invariant) + $Target.AbsolutePath.TrimEnd('/')
    return [regex]::Replace($name.ToLowerInvariant(), '[^a-z0-9._-]', '-')
}

function Set-State([string] $Root, $Target) {
    $script:state = Join-Path $Root (Get-StateName $Target)
    $script:spool = Join-Path $script:state 'spool'
    $script:refused = Join-Path $script:state 'refused'
    $script:cursorFile = Join-Path $script:state 'cursor.json'
    foreach ($path in $script:spool, $script:refused) { [void] [IO.Directory]::CreateDirectory($path) }
}

# Left by a run that was killed while it wrote.
function Remove-Remains {
    foreach ($file in @(Get-Files $spool '*.tmp') + @(Get-Files $refused '*.tmp')) { [IO.File]::Delete($file) }
}

# Up to version 0.1 there was one kmswatch, and its cursor and spool lay in $Root itself: they are those of the first.
function Move-OldState([string] $Root) {
    $old = Join-Path $Root 'cursor.json'
    if (-not [IO.File]::Exists($old) -or [IO.File]::Exists($cursorFile)) { return }
    $oldSpool = Join-Path $Root 'spool'
    if ([IO.Directory]::Exists($oldSpool)) {
        foreach ($file in (Get-Files $oldSpool '*.json')) { [IO.File]::Move($file, (Join-Path $spool ([IO.Path]::GetFileName($file)))) }
    }
    [IO.File]::Move($old, $cursorFile)
}

# The oldest first: their names begin with the kind and the time.
function Get-Files([string] $Path, [string] $Pattern) { return @([IO.Directory]::GetFiles($Path, $Pattern) | Sort-Object) }

function Get-Size([string] $Path) {
    $size = [long] 0
    foreach ($file in (Get-Files $Path '*')) { $size += (New-Object IO.FileInfo -ArgumentList $file).Length }
    return $size
}

# Numbered beside the time: the clock of Windows may not move for 16 ms, and no file must take another's place.
function Save-Numbered([string] $Path, [string] $Kind, [string] $Text) {
    do {
        $script:number++
        $name = $Kind + '-' + [DateTime]::UtcNow.Ticks.ToString('D19', $invariant) + '-' + $script:number.ToString('D6', $invariant) + '.json'
        $file = Join-Path $Path $name
    } while ([IO.File]::Exists($file))
    Write-File $file $Text
    return $file
}

# Returns where it lies, for the message.
function Save-Refused([string] $Text) {
    $file = Save-Numbered $refused 'events' $Text
    $waiting = @(Get-Files $refused 'events-*.json')
    for ($index = 0; $index -lt $waiting.Length - 1 -and (Get-Size $refused) -gt $maxRefused; $index++) {
        Add-Problem 5 "what was refused has grown to more than $maxRefused bytes: the oldest is deleted, $($waiting[$index])"
        [IO.File]::Delete($waiting[$index])
    }
    return $file
}

# Back into the spool, under their old names: they are sent before everything else.
function Restore-Refused {
    foreach ($file in (Get-Files $refused 'events-*.json')) {
        [IO.File]::Move($file, (Join-Path $spool ([IO.Path]::GetFileName($file))))
    }
}

function Save-Report([string] $Text) {
    [void] (Save-Numbered $spool 'report' $Text)
    $waiting = @(Get-Files $spool 'report-*.json')
    for ($index = 0; $index -lt $waiting.Length - $maxReports; $index++) {
        Add-Problem 5 'kmswatch has been away for long: the oldest report is deleted'
        [IO.File]::Delete($waiting[$index])
    }
}

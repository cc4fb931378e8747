#Requires -Version 5.1
<#
.SYNOPSIS
How the scripts of kmswatch tell what they do, and how they write a file.

.DESCRIPTION
Only functions and constants, which the other scripts dot-source, with $clock (a stopwatch) of them.
#>

$invariant = [Globalization.CultureInfo]::InvariantCulture
$utf8 = New-Object Text.UTF8Encoding -ArgumentList $false

# The highest code of all problems so far.
$exitCode = 0
# Comes before each line if there are several kmswatch.
$about = ''

function Write-Line([string] $Text) {
    [Console]::Out.WriteLine([DateTime]::UtcNow.ToString('o', $invariant) + ' ' + $about + $Text)
}

function Add-Problem([int] $Code, [string] $Text) {
    $script:exitCode = [Math]::Max($script:exitCode, $Code)
    Write-Line "problem ${Code}: $Text"
}

# A text of somebody else, so that it can neither fill the output nor steer the console.
function Get-Printable([string] $Text, [int] $Limit = 300) {
    $clean = [regex]::Replace($Text, '[^\x20-\x7e]+', ' ').Trim()
    if ($clean.Length -le $Limit) { return $clean }
    return $clean.Substring(0, $Limit) + '...'
}

function Get-Reason($Failure) { return Get-Printable ($Failure.Exception.GetBaseException().Message) 500 }

function Test-TimeIsUp([double] $Seconds) { return $clock.Elapsed.TotalSeconds -gt $Seconds }

# Not every host of PowerShell has a console to set.
function Set-Output {
    try { [Console]::OutputEncoding = $utf8 } catch { Write-Line 'the output is not in UTF-8' }
}

# Takes the place of a file. Windows may refuse it while a virus scanner has the file open.
function Move-OverFile([string] $From, [string] $To) {
    for ($attempt = 1; ; $attempt++) {
        try {
            if ([IO.File]::Exists($To)) { [IO.File]::Replace($From, $To, [NullString]::Value) }
            else { [IO.File]::Move($From, $To) }
            return
        } catch {
            if ($attempt -ge 3) { throw }
            Start-Sleep -Milliseconds 300
        }
    }
}

# Either whole under its name or not there, even when the power goes.
function Write-File([string] $Path, [string] $Text) {
    $octets = $utf8.GetBytes($Text)
    $temporary = "$Path.tmp"
    $stream = New-Object IO.FileStream -ArgumentList $temporary, ([IO.FileMode]::Create), ([IO.FileAccess]::Write), ([IO.FileShare]::None)
    try {
        $stream.Write($octets, 0, $octets.Length)
        $stream.Flush($true)
    } finally { $stream.Dispose() }
    Move-OverFile $temporary $Path
}

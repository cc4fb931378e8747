#Requires -Version 5.1
<#
.SYNOPSIS
How the scripts of kmswatch read an answer, and tell one of kmswatch from anything else that may answer in its place.

.DESCRIPTION
Only functions, which the other scripts dot-source. An answer that was cut off, or that a proxy or a login page gave,
acknowledges nothing.
#>

# Octets of an answer. kmswatch lists up to a thousand records that it could not use.
$maxAnswer = 1048576
# One character for each octet, so that places in the text are those in the answer.
$latin1 = [Text.Encoding]::GetEncoding(28591)

# Until the answer is whole: a server that keeps the connection open after it is not waited for.
function Read-Answer($Stream) {
    $received = New-Object Text.StringBuilder
    $buffer = New-Object byte[] 16384
    while ($true) {
        $failure = $null
        $count = 0
        try { $count = $Stream.Read($buffer, 0, $buffer.Length) } catch { $failure = $_ }
        [void] $received.Append($latin1.GetString($buffer, 0, $count))
        $answer = ConvertTo-Answer $received.ToString() ($count -le 0)
        if ($null -ne $answer) { return $answer }
        if ($null -ne $failure) { throw $failure }
        if ($count -le 0) { throw 'the answer was cut off before its head had ended' }
        if ($received.Length -gt $maxAnswer) { throw "the answer has more than $maxAnswer bytes" }
    }
}

# Null while more is needed; not whole where no more comes.
function ConvertTo-Answer([string] $Raw, [bool] $Ended) {
    do {
        if (-not $Raw.StartsWith('HTTP/1.', [StringComparison]::Ordinal) -and ($Ended -or $Raw.Length -ge 7) -and $Raw -ne '') { throw 'the answer is not HTTP' }
        $end = $Raw.IndexOf("`r`n`r`n", [StringComparison]::Ordinal)
        if ($end -lt 0) { return $null }
        $head = $Raw.Substring(0, $end)
        $status = [regex]::Match($head, '^HTTP/1\.[01] ([0-9]{3})(?=[ \r]|$)')
        if (-not $status.Success) { throw 'the answer is not HTTP' }
        $code = [int] $status.Groups[1].Value
        $Raw = $Raw.Substring($end + 4)
        # Of what comes before the answer itself (RFC 9110 15.2) nothing is used.
    } while ($code -lt 200)
    $length = [regex]::Match($head, '(?im)^content-length:[ \t]*([0-9]{1,9})[ \t]*\r?$')
    $body = @{ Text = $Raw; Whole = $Ended }
    if ($code -eq 204 -or $code -eq 304) {
        $body = @{ Text = ''; Whole = $true }
    } elseif ($head -match '(?im)^transfer-encoding:[^\r\n]*\bchunked[ \t]*\r?$') {
        $body = Read-Chunks $Raw
    } elseif ($length.Success) {
        $body = Read-Length $Raw ([int] $length.Groups[1].Value)
    }
    if (-not $body.Whole -and -not $Ended) { return $null }
    $wait = [regex]::Match($head, '(?im)^retry-after:[ \t]*([0-9]{1,5})[ \t]*\r?$')
    $text = $utf8.GetString($latin1.GetBytes($body.Text))
    return @{
        Status = $code
        Whole  = $body.Whole
        Wait   = if ($wait.Success) { [int] $wait.Groups[1].Value } else { 5 }
        Head   = $head
        Text   = $text
        Json   = if ($body.Whole) { Read-Json $text } else { $null }
    }
}

function Read-Length([string] $Raw, [int] $Length) {
    $whole = $Raw.Length -ge $Length
    return @{ Text = if ($whole) { $Raw.Substring(0, $Length) } else { $Raw }; Whole = $whole }
}

# RFC 9112 7.1. What comes after the last chunk is not used.
function Read-Chunks([string] $Raw) {
    $text = New-Object Text.StringBuilder
    $at = 0
    $size = New-Object regex -ArgumentList '\G([0-9A-Fa-f]{1,6})[ \t]*(?:;[^\r\n]*)?\r\n'
    while ($true) {
        $line = $size.Match($Raw, $at)
        if (-not $line.Success) { break }
        $length = [Convert]::ToInt32($line.Groups[1].Value, 16)
        $start = $at + $line.Length
        if ($length -eq 0) { return @{ Text = $text.ToString(); Whole = $true } }
        if ($start + $length + 2 -gt $Raw.Length) { break }
        [void] $text.Append($Raw, $start, $length)
        $at = $start + $length + 2
    }
    return @{ Text = $text.ToString(); Whole = $false }
}

function Read-Json([string] $Text) {
    if ($Text -cnotmatch '^\s*\{') { return $null }
    try { return ConvertFrom-Json -InputObject $Text } catch { return $null }
}

# A whole number that the answer names; -1 where it does not.
function Get-Number($Json, [string] $Name) {
    if ($null -eq $Json) { return -1 }
    $value = $Json.$Name
    if ($value -is [int] -or $value -is [long]) { return [long] $value }
    return -1
}

# Records that kmswatch says it has dealt with; -1 where the answer is not one of kmswatch about records.
function Get-Dealt($Json) {
    $sum = [long] 0
    foreach ($name in 'accepted', 'duplicate', 'ignored', 'rejected_count') {
        $number = Get-Number $Json $name
        if ($number -lt 0) { return -1 }
        $sum += $number
    }
    return $sum
}

# Why, in kmswatch's words; or what came in place of an answer of kmswatch.
function Get-Told($Answer) {
    $first = @($Answer.Json.rejected)[0]
    if ($Answer.Json.error -is [string]) { return Get-Printable $Answer.Json.error }
    if ($first.reason -is [string]) { return Get-Printable $first.reason }
    $location = [regex]::Match($Answer.Head, '(?im)^location:[ \t]*([^\r\n]*)')
    if ($Answer.Status -ge 300 -and $Answer.Status -lt 400 -and $location.Success) {
        return "it leads to $(Get-Printable $location.Groups[1].Value): the URL has to be that of kmswatch itself"
    }
    if (-not $Answer.Whole) { return 'the answer was cut off' }
    if ($Answer.Text -eq '') { return 'an answer without content, so not one of kmswatch' }
    return "not an answer of kmswatch: $(Get-Printable $Answer.Text 100)"
}

# What the tests share: a folder for each host, a run of a script in this process, and what came of it.

$Setting = Get-Content -Raw -LiteralPath $env:KMSWATCH_PESTER | ConvertFrom-Json
$Scripts = $Setting.scripts
$Agent = "https://localhost:$($Setting.agent)"

function New-HostFolder([string] $Token = 'the-token-of-kms01') {
    $folder = Join-Path $Setting.folder ([guid]::NewGuid().ToString('N'))
    [void] (New-Item -ItemType Directory -Path $folder)
    [IO.File]::WriteAllText((Join-Path $folder 'push.token'), "$Token`r`n")
    Copy-Item -LiteralPath $Setting.ca -Destination (Join-Path $folder 'ca.pem')
    return $folder
}

# A server that answers each request to it by the next of these words (test/doubles/push-peer.ts), the last one for ever.
function Get-Peer([string[]] $Words, [string] $Server = 'good') {
    return "https://localhost:$($Setting.peers.$Server)/$([guid]::NewGuid().ToString('N').Substring(0, 6))/$($Words -join '.')"
}

# What the peer was sent below this URL.
function Get-Sent([string] $Url) {
    $key = ([Uri] $Url).AbsolutePath.Trim('/')
    return @(Invoke-RestMethod -Uri "http://127.0.0.1:$($Setting.control)/$key" | ForEach-Object { $_ })
}

function Invoke-Script([string] $Name, [hashtable] $Arguments) {
    $before = [Console]::Out
    $writer = [IO.StringWriter]::new()
    [Console]::SetOut($writer)
    $global:LASTEXITCODE = 0
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $path = if ([IO.Path]::IsPathRooted($Name)) { $Name } else { Join-Path $Scripts $Name }
    try { & $path @Arguments } finally { [Console]::SetOut($before) }
    return [pscustomobject] @{ Code = $global:LASTEXITCODE; Text = $writer.ToString(); Seconds = $watch.Elapsed.TotalSeconds }
}

function Invoke-Push([string] $Folder, [string[]] $Url = $Agent, [hashtable] $More = @{}) {
    $arguments = @{ Url = $Url; HostName = 'kms01.corp.example'; Folder = $Folder; Timeout = 60 }
    foreach ($key in $More.Keys) { $arguments[$key] = $More[$key] }
    return Invoke-Script 'kmswatch-push.ps1' $arguments
}

# Records that are new to the agent: it has one store for all tests.
function Get-FreshNumbers([int] $Count = 10) {
    $first = $global:NextNumber
    $global:NextNumber += 1000
    return @{ From = $first; To = $first + $Count - 1 }
}
if ($null -eq $global:NextNumber) { $global:NextNumber = 1000 }

function Set-Requests([int] $Count = 10) {
    $numbers = Get-FreshNumbers $Count
    $TestLogs['Key Management Service'].Records = @(New-Requests $numbers.From $numbers.To)
    return $numbers
}

function Add-Requests([int] $Count) {
    $log = $TestLogs['Key Management Service']
    $last = $log.Records[-1].RecordId
    $log.Records += @(New-Requests ($last + 1) ($last + $Count) 'kms01.corp.example' ([DateTime]::UtcNow))
}

# Files of the state of a host: those of its one kmswatch, when there is one.
function Get-State([string] $Folder, [string] $Pattern) {
    return @(Get-ChildItem -Path (Join-Path $Folder 'state') -Recurse -File | Where-Object { $_.FullName -like "*$Pattern" } | Sort-Object FullName)
}
function Get-Waiting([string] $Folder) { return @(Get-State $Folder '*/spool/events-*.json') }
function Get-WaitingLines([string] $Folder) { return @(Get-Waiting $Folder | ForEach-Object { Get-Content -LiteralPath $_.FullName }) }
function Get-RefusedLines([string] $Folder) { return @(Get-State $Folder '*/refused/events-*.json' | ForEach-Object { Get-Content -LiteralPath $_.FullName }) }

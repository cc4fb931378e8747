#Requires -Version 5.1
<#
.SYNOPSIS
Installs the push of a KMS host to kmswatch: folders with their rights, token, ca.pem, group, task; then tries it.

.DESCRIPTION
For Windows PowerShell 5.1, elevated, from the folder with all the scripts of config/windows:

    powershell -NoProfile -ExecutionPolicy RemoteSigned -File .\install.ps1 -Url https://kmswatch.example.com:11688

It asks for the token of this host, so that the token is in no history and in no list of processes. Run it again for an
update, or after a change of the settings: whatever is as it should be stays as it is. At the end it runs the check and
then the task itself, as the account of the task, and prints what both say.

With -WhatIf it says what it would do, and changes nothing. Exit codes are those of kmswatch-push.ps1; 2 also means
an installation that could not be finished.

.PARAMETER Url
Where kmswatch listens. Several with commas between them.

.PARAMETER HostName
The name of this host in the configuration of kmswatch, or one of its aliases. Default: its full name.

.PARAMETER TokenFile
A file with the token, for an installation that nobody watches. It is copied, and stays where it is. Without it, a token
that was installed before is kept; otherwise the script asks.

.PARAMETER CaFile
The root certificate that the certificate of kmswatch must go back to. Default: ca.pem beside this script, else the one
that was installed before.

.PARAMETER System
Runs the task as SYSTEM: only if the check says that LOCAL SERVICE does not see the KMS host key.

.PARAMETER Uninstall
Removes the task, both folders, and the membership in the group if this script has added it.
#>
[CmdletBinding(PositionalBinding = $false, SupportsShouldProcess = $true)]
param(
    [string[]] $Url = @(),
    [string] $HostName = '',
    [string] $TokenFile = '',
    [string] $CaFile = '',
    [string] $Folder = 'C:\ProgramData\kmswatch',
    [string] $Program = 'C:\Program Files\kmswatch',
    [switch] $System,
    [switch] $Uninstall,
    # `powershell -File` knows no lists: it takes `-Url A, B` for a text with a comma, and one more.
    [Parameter(ValueFromRemainingArguments = $true)] [string[]] $MoreUrls = @()
)

$ErrorActionPreference = 'Stop'
foreach ($name in 'common', 'change', 'trust', 'https', 'rights', 'task') { . (Join-Path $PSScriptRoot "$name.ps1") }

# A backslash at the end would take the quote behind it along.
$Folder = $Folder.TrimEnd('\')
$Program = $Program.TrimEnd('\')
$stateFolder = Join-Path $Folder 'state'
$installedToken = Join-Path $Folder 'push.token'
$installedRoots = Join-Path $Folder 'ca.pem'
$taskName = 'kmswatch-push'
$user = if ($System) { $systemSid } else { $serviceSid }

# All files of this folder: they load one another. Written again, so that the mark of a download does not come along.
function Get-Program {
    foreach ($pattern in '*.ps1', '*.xml') { [IO.Directory]::GetFiles($PSScriptRoot, $pattern) }
}

function Copy-Program {
    if ([IO.Path]::GetFullPath($PSScriptRoot) -eq [IO.Path]::GetFullPath($Program)) { return }
    foreach ($file in Get-Program) {
        [IO.File]::WriteAllBytes((Join-Path $Program ([IO.Path]::GetFileName($file))), [IO.File]::ReadAllBytes($file))
    }
}

function Get-Arguments {
    $words = "-NoProfile -NonInteractive -ExecutionPolicy $(Get-Policy) -File `"$(Join-Path $Program 'kmswatch-push.ps1')`""
    $texts = @(($Url + $MoreUrls) -split ',' | ForEach-Object { $_.Trim() } | Where-Object { $_ -ne '' })
    if ($texts.Length -eq 0) { throw 'pass the URL of kmswatch: -Url https://kmswatch.example.com:11688' }
    # Checked, and with whatever a command line would take apart escaped.
    $words += ' -Url ' + (@($texts | ForEach-Object { (Get-Target $_).AbsoluteUri.TrimEnd('/') }) -join ',')
    if ($HostName -ne '') {
        if ($HostName -cnotmatch '^[A-Za-z0-9._-]+$') { throw "-HostName is not a name of a host: $(Get-Printable $HostName)" }
        $words += " -HostName $HostName"
    }
    return $words + " -Folder `"$Folder`""
}

# Where AllSigned is in force, an unsigned file would end every run of the task.
function Get-Policy {
    if ("$(Get-ExecutionPolicy)" -ne 'AllSigned') { return 'RemoteSigned' }
    foreach ($file in @(Get-Program) -like '*.ps1') {
        $signature = Get-AuthenticodeSignature -LiteralPath $file
        if ("$($signature.Status)" -ne 'Valid') { throw "this machine runs only signed scripts, and the signature of $file is: $($signature.Status)" }
    }
    return 'AllSigned'
}

# Null if the one that is installed stays.
function Read-Token {
    if ($TokenFile -ne '') { $text = [IO.File]::ReadAllText($TokenFile) }
    elseif ($WhatIfPreference -or [IO.File]::Exists($installedToken)) { return $null }
    else {
        $secret = Read-Host -Prompt 'Token of this host, as in the file on the kmswatch machine' -AsSecureString
        $text = (New-Object Net.NetworkCredential -ArgumentList 'push', $secret).Password
    }
    $text = $text.Trim()
    if ($text -cnotmatch '^[\x21-\x7e]+$') { throw 'that is no token: one line without blanks is expected' }
    return $text
}

function Read-Roots {
    $from = if ($CaFile -ne '') { $CaFile } else { Join-Path $PSScriptRoot 'ca.pem' }
    if ($CaFile -eq '' -and -not [IO.File]::Exists($from)) {
        if ([IO.File]::Exists($installedRoots)) { return $null }
        throw "there is no $from`: put the root certificate there, or pass -CaFile"
    }
    [void] @(Get-Roots $from)
    return [IO.File]::ReadAllText($from)
}

# Deleted first: a file that takes the place of another one keeps the rights of that one.
function Write-NewFile([string] $Path, [string] $Text) {
    [IO.File]::Delete($Path)
    Write-File $Path $Text
}

function Install-Push {
    $arguments = Get-Arguments
    foreach ($path in $Program, $Folder) { Test-Owner $path }
    $token = Read-Token
    $roots = Read-Roots
    Invoke-Change "keep $Program for administrators to write to, and copy the scripts there" {
        Set-Rights $Program $programRights
        Copy-Program
    }
    Invoke-Change "keep $Folder from everyone but administrators, SYSTEM and the account of the task" {
        Set-Rights $Folder $folderRights
        Set-Rights $stateFolder $stateRights
    }
    if ($null -ne $token) { Invoke-Change "write $installedToken" { Write-NewFile $installedToken $token } }
    if ($null -ne $roots) { Invoke-Change "write $installedRoots" { Write-NewFile $installedRoots $roots } }
    if (-not $System) { Invoke-Change 'let LOCAL SERVICE read the event logs' { Add-Reader } }
    Invoke-Change 'check, as the account of the task' { Invoke-Task 'kmswatch-check' "$arguments -Check" 'check.txt' $false }
    Invoke-Change "run the task $taskName, now and every five minutes" { Invoke-Task $taskName $arguments 'last-run.txt' $true }
}

function Remove-Push {
    Invoke-Change "remove the task $taskName" { Remove-Task $taskName }
    Invoke-Change 'leave the group of those who read the event logs, if this script has joined it' { Remove-Reader }
    Invoke-Change "remove $Folder" { Remove-Folder $Folder @($installedToken, $installedRoots, $readerMark) @($stateFolder) }
    $files = @(Get-Program | ForEach-Object { Join-Path $Program ([IO.Path]::GetFileName($_)) })
    Invoke-Change "remove $Program" { Remove-Folder $Program $files @() }
}

Set-Output
try {
    if (-not (Test-Administrator)) { throw 'this needs the rights of an administrator: start PowerShell with "Run as administrator"' }
    if ($Uninstall) { Remove-Push } else { Install-Push }
} catch { Add-Problem 2 (Get-Reason $_) }
exit $exitCode

#Requires -Version 5.1
<#
.SYNOPSIS
Installs the agent on Windows: its program and folders with their rights, a configuration, and a task at boot.

.DESCRIPTION
For Windows PowerShell 5.1, elevated, from the unpacked kmswatch-VERSION-win-x64.zip, which has its own Node:

    powershell -NoProfile -ExecutionPolicy RemoteSigned -File .\config\windows\install-agent.ps1

The task runs as LOCAL SERVICE, which has no password and no rights on other machines. Run the script again for an update:
it ends the running agent, and keeps the configuration and the memory. At the end it waits until the agent listens.

With -WhatIf it says what it would do, and changes nothing. The exit code is 2 if the installation could not be finished.

.PARAMETER Folder
The configuration (kmswatch.yml), and in its folder "agent" the memory and the log.

.PARAMETER Package
The unpacked ZIP. Default: that of this script.

.PARAMETER Uninstall
Ends the agent, and removes the task and the program. The folder stays: delete it yourself if nobody needs its memory.
#>
[CmdletBinding(PositionalBinding = $false, SupportsShouldProcess = $true)]
param(
    [string] $Folder = 'C:\ProgramData\kmswatch',
    [string] $Program = 'C:\Program Files\kmswatch-agent',
    [string] $Package = '',
    [switch] $Uninstall
)

$ErrorActionPreference = 'Stop'
foreach ($name in 'common', 'change', 'rights', 'task', 'agent-task') { . (Join-Path $PSScriptRoot "$name.ps1") }

# A backslash at the end would take the quote behind it along.
$Folder = $Folder.TrimEnd('\')
$Program = $Program.TrimEnd('\')
if ($Package -eq '') { $Package = Join-Path $PSScriptRoot (Join-Path '..' '..') }
$Package = [IO.Path]::GetFullPath($Package).TrimEnd([char[]] '\/')
$agentFolder = Join-Path $Folder 'agent'
$configuration = Join-Path $Folder 'kmswatch.yml'
$programFiles = 'node.exe', 'kmswatch.cmd', 'agent.cmd', 'package.json', 'LICENSE', 'NODE-LICENSE.txt'
$programFolders = 'bin', 'dist', 'config', 'docs', 'alerts', 'dashboards'

$firstConfiguration = @'
# The configuration of kmswatch. Every key has a default, so an empty one works: kmswatch then looks up the domains of the
# search list of Windows. config\kmswatch.example.yml, beside the program, has all keys.
#
# The running agent notices a change and reloads.
{}
'@

# All of it again, so that nothing of an older version is left, and the mark of a download does not come along.
function Copy-Agent {
    if ($Package -eq [IO.Path]::GetFullPath($Program)) { return }
    foreach ($part in $programFolders) {
        $to = Join-Path $Program $part
        if ([IO.Directory]::Exists($to)) { [IO.Directory]::Delete($to, $true) }
        foreach ($file in [IO.Directory]::GetFiles((Join-Path $Package $part), '*', [IO.SearchOption]::AllDirectories)) {
            Copy-Octets $file (Join-Path $Program $file.Substring($Package.Length + 1))
        }
    }
    foreach ($part in $programFiles) { Copy-Octets (Join-Path $Package $part) (Join-Path $Program $part) }
}

function Copy-Octets([string] $From, [string] $To) {
    [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($To))
    [IO.File]::WriteAllBytes($To, [IO.File]::ReadAllBytes($From))
}

# LOCAL SERVICE reads a secret that the configuration names by the rights of the folder.
function Install-Agent {
    # All of it, before the agent that runs is ended.
    foreach ($part in $programFiles + $programFolders) {
        $path = Join-Path $Package $part
        if (-not ([IO.File]::Exists($path) -or [IO.Directory]::Exists($path))) { throw "there is no $part in $Package`: run this script from the unpacked ZIP of kmswatch" }
    }
    foreach ($path in $Program, $Folder) { Test-Owner $path }
    Invoke-Change 'end the agent that runs' { Stop-Agent }
    Invoke-Change "keep $Program for administrators to write to, and copy the program there" {
        Set-Rights $Program $programRights
        Copy-Agent
    }
    Invoke-Change "keep $Folder from everyone but administrators, SYSTEM and LOCAL SERVICE" {
        Set-Rights $Folder $folderRights
        Set-Rights $agentFolder $stateRights
    }
    if (-not [IO.File]::Exists($configuration)) { Invoke-Change "write $configuration" { Write-File $configuration $firstConfiguration } }
    Invoke-Change 'check the configuration' { Test-Configuration }
    Invoke-Change "run the task $agentTask, now and at every boot, until it listens" { Start-Agent }
}

function Remove-Agent {
    Invoke-Change 'end the agent that runs, and remove its task' { Stop-Agent }
    Invoke-Change "remove $Program" {
        Remove-Folder $Program @($programFiles | ForEach-Object { Join-Path $Program $_ }) @($programFolders | ForEach-Object { Join-Path $Program $_ })
    }
    Write-Line "$Folder stays, with the configuration and the memory"
}

Set-Output
try {
    if (-not (Test-Administrator)) { throw 'this needs the rights of an administrator: start PowerShell with "Run as administrator"' }
    if ($Uninstall) { Remove-Agent } else { Install-Agent }
} catch { Add-Problem 2 (Get-Reason $_) }
exit $exitCode

#Requires -Version 5.1
<#
.SYNOPSIS
The task of the agent: made from kmswatch-agent.xml, started and ended, and what the agent says.

.DESCRIPTION
Only functions, which install-agent.ps1 dot-sources, with $Folder, $Program, $agentFolder and $configuration of it.
#>

$agentTask = 'kmswatch-agent'
# Seconds for a start on a busy machine, and between two looks at it.
$startSeconds = 120
$lookAgain = 0.5

# One command of the program, with its code and all that it says.
function Invoke-Kmswatch([string[]] $Words) {
    # Windows PowerShell would take what goes to standard error for its own failure, and end the script.
    $ErrorActionPreference = 'Continue'
    $told = & (Join-Path $Program 'node.exe') (Join-Path $Program 'bin\kmswatch.cjs') $Words 2>&1
    return @{ Code = $LASTEXITCODE; Told = "$told" }
}

function Get-AgentXml {
    $xml = New-Object Xml.XmlDocument
    $xml.Load((Join-Path $PSScriptRoot 'kmswatch-agent.xml'))
    # cmd.exe takes off the first quote and the last one.
    $xml.Task.Actions.Exec.Arguments = "/d /c `"`"$(Join-Path $Program 'agent.cmd')`" `"$Folder`"`""
    return $xml.OuterXml
}

# Told to end, it sends what it has to send and closes its database. If it does not, the end of its task ends it, too:
# nothing is lost by that, as a record is on the disk before it is acknowledged.
function Stop-Agent {
    if (@(Get-ScheduledTask | Where-Object { $_.TaskName -eq $agentTask }).Count -eq 0) { return }
    if ([IO.File]::Exists($configuration)) {
        $done = Invoke-Kmswatch 'stop', '--config', $configuration
        if ($done.Code -ne 0) { Write-Line "the agent was not running, or did not listen: $(Get-Printable $done.Told)" }
    }
    Remove-Task $agentTask
}

function Test-Configuration {
    $done = Invoke-Kmswatch 'config', 'check', $configuration
    if ($done.Code -ne 0) { throw "correct the configuration, and begin again: $(Get-Printable $done.Told 1000)" }
}

function Start-Agent {
    $log = Join-Path $agentFolder 'agent.log'
    [IO.File]::Delete($log)
    [void] (Register-ScheduledTask -TaskName $agentTask -Xml (Get-AgentXml))
    Start-ScheduledTask -TaskName $agentTask
    for ($waited = 0; $waited -lt $startSeconds; $waited += $lookAgain) {
        $said = Read-Shared $log
        if ($said -match '"msg":"the agent is listening"') {
            if ($said -match '"addresses":\[([^\]]*)\]') { Write-Line "        it listens on $($Matches[1])" }
            return
        }
        if ($said -match '"msg":"the agent cannot start"') { break }
        Start-Sleep -Milliseconds ($lookAgain * 1000)
    }
    throw "the agent does not listen: $(Get-Printable (Read-Shared $log) 1000)"
}

# While the agent writes to it.
function Read-Shared([string] $Path) {
    if (-not [IO.File]::Exists($Path)) { return '' }
    $stream = New-Object IO.FileStream -ArgumentList $Path, ([IO.FileMode]::Open), ([IO.FileAccess]::Read), ([IO.FileShare]::ReadWrite)
    $reader = New-Object IO.StreamReader -ArgumentList $stream
    try { return $reader.ReadToEnd() } finally { $reader.Dispose() }
}

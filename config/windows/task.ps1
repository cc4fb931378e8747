#Requires -Version 5.1
<#
.SYNOPSIS
The scheduled task of the push: made from kmswatch-push.xml, run, and what came of it.

.DESCRIPTION
Only functions, which install.ps1 dot-sources, with $user, $stateFolder and $Program of it.
#>

# Seconds for a first run, a little more than the task itself gives it, and between two looks at it.
$taskSeconds = 320
$lookSeconds = 0.5

function Get-TaskXml([string] $Arguments) {
    $xml = New-Object Xml.XmlDocument
    $xml.Load((Join-Path $PSScriptRoot 'kmswatch-push.xml'))
    $xml.Task.Principals.Principal.UserId = $user
    $xml.Task.Actions.Exec.Arguments = $Arguments
    return $xml.OuterXml
}

function Remove-Task([string] $Name) {
    # All tasks are asked for: one that is not there would be an error.
    foreach ($task in @(Get-ScheduledTask | Where-Object { $_.TaskName -eq $Name })) {
        Stop-ScheduledTask -TaskName $Name
        Unregister-ScheduledTask -TaskName $Name -Confirm:$false
    }
}

# Makes the task, runs it once, and prints what it says. The task stays if $Keep.
function Invoke-Task([string] $Name, [string] $Arguments, [string] $Output, [bool] $Keep) {
    $path = Join-Path $stateFolder $Output
    [IO.File]::Delete($path)
    # Removed first, so that the result of an older run is not taken for that of this one.
    Remove-Task $Name
    [void] (Register-ScheduledTask -TaskName $Name -Xml (Get-TaskXml "$Arguments -Output `"$path`""))
    try {
        Start-ScheduledTask -TaskName $Name
        $code = Wait-Task $Name
    } finally { if (-not $Keep) { Remove-Task $Name } }
    if ([IO.File]::Exists($path)) { foreach ($line in [IO.File]::ReadAllLines($path)) { [Console]::Out.WriteLine("        $line") } }
    # Its own codes; others are those of Windows.
    $worst = if ($code -ge 1 -and $code -le 5) { [int] $code } else { 1 }
    if ($code -ne 0) { Add-Problem $worst "the task $Name ended with code $code, which docs/windows.md explains" }
}

# The result of its run; 1 if it does not end.
function Wait-Task([string] $Name) {
    for ($waited = 0; $waited -lt $taskSeconds; $waited += $lookSeconds) {
        $code = [long] (Get-ScheduledTaskInfo -TaskName $Name).LastTaskResult
        # It runs, it has not run yet, it waits.
        if (@(267009, 267011, 267045) -notcontains $code) { return $code }
        Start-Sleep -Milliseconds ($lookSeconds * 1000)
    }
    Add-Problem 1 "the task $Name has not ended within $taskSeconds s"
    return 1
}

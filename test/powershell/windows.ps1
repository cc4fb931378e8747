# Doubles for what install.ps1 changes in Windows: rights of folders, a group, the task, and who may do so. Each change is
# a line of $Changes. The task runs what its XML says, so that a test sees what a host would send.

$global:Changes = [Collections.Generic.List[string]]::new()
$global:Tasks = @{}

function Test-TestAdministrator { return $TestWindows.Administrator }
function Set-TestRights([string] $Path, [string] $Rights) {
    [void] [IO.Directory]::CreateDirectory($Path)
    $Changes.Add("rights of $([IO.Path]::GetFileName($Path)): $Rights")
}
function Get-TestAccountName([string] $Sid) { return @{ 'S-1-5-32-573' = 'Ereignisprotokollleser'; 'S-1-5-19' = 'Lokaler Dienst' }[$Sid] }
function Invoke-TestNet([string[]] $Words) {
    $Changes.Add("net $($Words -join '|')")
    return $TestWindows.Net
}

function Add-LocalGroupMember([string] $SID, [string] $Member) {
    if ($TestWindows.Member) { throw [Management.Automation.ErrorRecord]::new([Exception]::new('is a member already'), 'MemberExists,Add', 'NotSpecified', $null) }
    if ($null -ne $TestWindows.GroupFault) { throw $TestWindows.GroupFault }
    $TestWindows.Member = $true
    $Changes.Add("join $SID $Member")
}
function Remove-LocalGroupMember([string] $SID, [string] $Member) {
    $TestWindows.Member = $false
    $Changes.Add("leave $SID $Member")
}

function Register-ScheduledTask([string] $TaskName, [string] $Xml) {
    $Tasks[$TaskName] = @{ Xml = [xml] $Xml; Result = 267011; Asked = 0 }
    $Changes.Add("register $TaskName")
}
function Unregister-ScheduledTask([string] $TaskName, [switch] $Confirm) {
    if (-not $Tasks.ContainsKey($TaskName)) { throw "no task $TaskName" }
    $Tasks.Remove($TaskName)
    $Changes.Add("unregister $TaskName")
}
function Stop-ScheduledTask([string] $TaskName) { $Changes.Add("stop $TaskName") }
function Invoke-TestKmswatch([string[]] $Words) {
    $Changes.Add("kmswatch $($Words[0..1] -notmatch '[\\/]' -join ' ')")
    return $TestWindows.Kmswatch[$Words[0]]
}

function Get-ScheduledTask { return @($Tasks.Keys | ForEach-Object { [pscustomobject] @{ TaskName = $_ } }) }
function Get-ScheduledTaskInfo([string] $TaskName) {
    # Runs for a while, as a task does.
    $Tasks[$TaskName].Asked++
    return @{ LastTaskResult = $(if ($Tasks[$TaskName].Asked -le 2) { 267009 } else { $Tasks[$TaskName].Result }) }
}

# `"a b" c` as Windows takes it apart, after -File.
function Split-Arguments([string] $Text) { return @([regex]::Matches($Text, '"([^"]*)"|(\S+)') | ForEach-Object { $_.Groups[1].Value + $_.Groups[2].Value }) }

function Start-ScheduledTask([string] $TaskName) {
    if ($TaskName -eq 'kmswatch-agent') {
        $Changes.Add('start kmswatch-agent')
        $folder = (Split-Arguments $Tasks[$TaskName].Xml.Task.Actions.Exec.Arguments.Replace('""', '"'))[-1]
        if ($null -ne $TestWindows.AgentSays) { [IO.File]::WriteAllText((Join-Path $folder 'agent/agent.log'), $TestWindows.AgentSays) }
        return
    }
    if ($null -ne $TestWindows.TaskResult) {
        $Tasks[$TaskName].Result = $TestWindows.TaskResult
        return
    }
    $words = Split-Arguments $Tasks[$TaskName].Xml.Task.Actions.Exec.Arguments
    $at = [Array]::IndexOf($words, '-File')
    $named = @{}
    for ($index = $at + 2; $index -lt $words.Length; $index++) {
        $key = $words[$index].TrimStart('-')
        if ($key -eq 'Check') { $named[$key] = $true } else { $named[$key] = $words[++$index] }
    }
    $before = [Console]::Out
    try { & $words[$at + 1] @named } finally {
        $file = [Console]::Out
        [Console]::SetOut($before)
        if ($file -ne $before) { $file.Dispose() }
    }
    $Tasks[$TaskName].Result = $global:LASTEXITCODE
    $global:LASTEXITCODE = 0
}

function Get-ExecutionPolicy { return $TestWindows.Policy }
function Get-AuthenticodeSignature([string] $LiteralPath) {
    return @{ Status = $(if ([IO.Path]::GetFileName($LiteralPath) -eq $TestWindows.Unsigned) { 'NotSigned' } else { 'Valid' }) }
}
function Read-Host([string] $Prompt, [switch] $AsSecureString) {
    if (-not $AsSecureString) { throw 'a token would be seen' }
    $Changes.Add('asked for the token')
    return ConvertTo-SecureString -AsPlainText -Force $TestWindows.Typed
}

function Reset-Windows {
    $Changes.Clear()
    $Tasks.Clear()
    $global:TestWmi.Rows.Win32_ComputerSystem = @{ DomainRole = 3 }
    $global:TestWindows = @{
        Administrator = $true; Member = $false; GroupFault = $null; Net = @{ Code = 0; Told = '' }; TaskResult = $null
        Kmswatch = @{ stop = @{ Code = 0; Told = 'the agent has ended' }; config = @{ Code = 0; Told = '' } }
        AgentSays = '{"addresses":["127.0.0.1:11688"],"msg":"the agent is listening"}'
        Policy = 'RemoteSigned'; Unsigned = ''; Typed = 'the-token-of-kms01'
    }
}

$names = 'Add-LocalGroupMember', 'Remove-LocalGroupMember', 'Register-ScheduledTask', 'Unregister-ScheduledTask', 'Stop-ScheduledTask', 'Get-ScheduledTask', 'Get-ScheduledTaskInfo', 'Start-ScheduledTask', 'Get-ExecutionPolicy', 'Get-AuthenticodeSignature', 'Read-Host', 'Split-Arguments', 'Test-TestAdministrator', 'Set-TestRights', 'Get-TestAccountName', 'Invoke-TestNet', 'Invoke-TestKmswatch'
foreach ($name in $names) { Set-Item -Path "function:global:$name" -Value (Get-Item -Path "function:$name").ScriptBlock }
foreach ($name in 'Test-Administrator', 'Set-Rights', 'Get-AccountName', 'Invoke-Net', 'Invoke-Kmswatch') {
    Set-Alias -Name $name -Value $name.Replace('-', '-Test') -Scope Global
}

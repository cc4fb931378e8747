# install-agent.ps1, with doubles of what it changes in Windows (windows.ps1) and of the program.

Describe 'install-agent.ps1' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'windows.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
        function Invoke-Install([hashtable] $More = @{}) {
            $arguments = @{ Folder = (Join-Path $place 'data'); Program = (Join-Path $place 'program'); Package = (Join-Path $place 'package') }
            foreach ($key in $More.Keys) { $arguments[$key] = $More[$key] }
            return Invoke-Script 'install-agent.ps1' $arguments
        }
        function Write-Part([string] $Path, [string] $Text) {
            $file = Join-Path $place "package/$Path"
            [void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
            [IO.File]::WriteAllText($file, $Text)
        }
        function Get-Names([string] $Below) {
            $from = Join-Path $place $Below
            return @(Get-ChildItem $from -Recurse -File | ForEach-Object { $_.FullName.Substring($from.Length + 1).Replace('\', '/') } | Sort-Object)
        }
        $parts = 'node.exe', 'kmswatch.cmd', 'agent.cmd', 'package.json', 'LICENSE', 'NODE-LICENSE.txt', 'bin/kmswatch.cjs', 'dist/main.js', 'config/windows/install-agent.ps1', 'docs/windows.md', 'alerts/kmswatch.rules.yml', 'dashboards/kmswatch-estate.json'
    }
    BeforeEach {
        Reset-Host
        Reset-Windows
        # With blanks, as in C:\Program Files.
        $place = Join-Path $Setting.folder "host $([guid]::NewGuid().ToString('N')) of KMS"
        foreach ($part in $parts) { Write-Part $part "the $part" }
    }

    It 'installs program, folders, configuration and task, and waits until the agent listens' {
        $run = Invoke-Install
        $run.Text | Should -Not -Match 'problem'
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'it listens on "127.0.0.1:11688"'
        Get-Names 'program' | Should -Be @($parts | Sort-Object)
        [IO.File]::ReadAllText((Join-Path $place 'data/kmswatch.yml')) | Should -Match '(?m)^\{\}'
        $everything = '(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
        $Changes | Should -Be @(
            "rights of program: O:BAG:BAD:PAI$everything(A;OICI;0x1200a9;;;BU)"
            "rights of data: O:BAG:BAD:PAI$everything(A;OICI;0x1200a9;;;LS)"
            "rights of agent: O:BAG:BAD:PAI$everything(A;OICI;0x1301bf;;;LS)"
            'kmswatch config check'
            'register kmswatch-agent'
            'start kmswatch-agent'
        )
        $task = $Tasks['kmswatch-agent'].Xml.Task
        $task.Principals.Principal.UserId | Should -Be 'S-1-5-19'
        $task.Triggers.BootTrigger.Enabled | Should -Be 'true'
        $task.Settings.ExecutionTimeLimit | Should -Be 'PT0S'
        $task.Actions.Exec.Arguments | Should -BeLike '/d /c ""*agent.cmd" "*data""'
    }

    It 'leaves the agent as it is when the package has no <_>' -ForEach 'node.exe', 'agent.cmd', 'dist' {
        [void] (Invoke-Install)
        $before = Get-Names 'program'
        Remove-Item -Recurse -LiteralPath (Join-Path $place "package/$_")
        $Changes.Clear()
        $run = Invoke-Install
        $run.Text | Should -Match "problem 2: there is no $([regex]::Escape($_)) in .*run this script from the unpacked ZIP"
        $run.Code | Should -Be 2
        $Changes | Should -HaveCount 0
        Get-Names 'program' | Should -Be $before
    }

    It 'ends the agent for an update, keeps its configuration, and leaves nothing of the old program' {
        [void] (Invoke-Install)
        [IO.File]::WriteAllText((Join-Path $place 'data/kmswatch.yml'), 'hosts: []')
        [IO.File]::Delete((Join-Path $place 'package/dist/main.js'))
        Write-Part 'dist/new.js' 'new'
        $Changes.Clear()
        $run = Invoke-Install
        $run.Code | Should -Be 0
        $Changes[0..2] | Should -Be @('kmswatch stop --config', 'stop kmswatch-agent', 'unregister kmswatch-agent')
        [IO.File]::ReadAllText((Join-Path $place 'data/kmswatch.yml')) | Should -Be 'hosts: []'
        Get-Names 'program/dist' | Should -Be 'new.js'
    }

    It 'installs from the installed folder' {
        [void] (Invoke-Install)
        (Invoke-Install @{ Package = (Join-Path $place 'program') }).Code | Should -Be 0
        Get-Names 'program' | Should -Be @($parts | Sort-Object)
    }

    It 'ends the task of an agent that does not listen to its command' {
        [void] (Invoke-Install)
        $TestWindows.Kmswatch.stop = @{ Code = 1; Told = 'no agent holds it' }
        $run = Invoke-Install
        $run.Text | Should -Match 'the agent was not running, or did not listen: no agent holds it'
        $run.Code | Should -Be 0
        [IO.File]::Delete((Join-Path $place 'data/kmswatch.yml'))
        $Changes.Clear()
        (Invoke-Install).Code | Should -Be 0
        $Changes[0] | Should -Be 'stop kmswatch-agent'
    }

    It 'says with -WhatIf what it would do, and does nothing' {
        $run = Invoke-Install @{ WhatIf = $true }
        $run.Code | Should -Be 0
        @($run.Text -split "`n" -match ' would ').Count | Should -Be 6
        $Changes | Should -HaveCount 0
        Get-ChildItem $place | Should -HaveCount 1
    }

    It 'removes task and program, and keeps configuration and memory' {
        [void] (Invoke-Install)
        $Changes.Clear()
        $run = Invoke-Install @{ Uninstall = $true }
        $run.Code | Should -Be 0
        $Changes | Should -Be @('kmswatch stop --config', 'stop kmswatch-agent', 'unregister kmswatch-agent')
        [IO.Directory]::Exists((Join-Path $place 'program')) | Should -BeFalse
        [IO.File]::Exists((Join-Path $place 'data/kmswatch.yml')) | Should -BeTrue
        $run.Text | Should -Match 'stays, with the configuration and the memory'
        # There is nothing more to remove.
        (Invoke-Install @{ Uninstall = $true }).Code | Should -Be 0
    }

    It 'stops when <what>' -ForEach @(
        @{ what = 'nobody with the rights runs it'; spoil = { $TestWindows.Administrator = $false }; says = 'needs the rights of an administrator'; changed = 0 }
        @{ what = 'there is no Node'; spoil = { $more.Package = '' }; says = 'run this script from the unpacked ZIP'; changed = 0 }
        @{ what = 'somebody else made the folder'; spoil = { $global:TestOwner = 'S-1-5-21-1-2-3-1001'; [void] (New-Item -ItemType Directory (Join-Path $place 'data')) }; says = 'data is there already and belongs to S-1-5-21-1-2-3-1001'; changed = 0 }
        @{ what = 'the configuration is wrong'; spoil = { $TestWindows.Kmswatch.config = @{ Code = 2; Told = 'kmswatch.yml:3:1 unknown key hoosts' } }; says = 'correct the configuration, and begin again: kmswatch.yml:3:1'; changed = 4 }
        @{ what = 'the agent cannot start'; spoil = { $TestWindows.AgentSays = '{"error":"in use","msg":"the agent cannot start"}' }; says = 'the agent does not listen: {"error":"in use"'; changed = 6 }
    ) {
        $more = @{}
        & $spoil
        $run = Invoke-Install $more
        $run.Text | Should -Match "problem 2: .*$([regex]::Escape($says))"
        $run.Code | Should -Be 2
        $Changes | Should -HaveCount $changed
    }

    It 'waits for the first word of the agent, but not for ever' {
        $TestWindows.AgentSays = $null
        $run = Invoke-Install
        $run.Code | Should -Be 2
        $run.Text | Should -Match 'problem 2: the agent does not listen:'
        # Written between two looks.
        $TestWindows.AgentSays = '{"msg":"there is nothing to watch"}'
        $global:TestOnSleep = { [IO.File]::AppendAllText((Join-Path $place 'data/agent/agent.log'), '{"msg":"the agent is listening"}') }
        (Invoke-Install).Code | Should -Be 0
    }
}

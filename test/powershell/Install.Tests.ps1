# install.ps1, against the running agent and doubles of what it changes in Windows (windows.ps1).

Describe 'install.ps1' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'windows.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
        function Invoke-Install([hashtable] $More = @{}, [string] $From = $Scripts) {
            $arguments = @{ Url = $Agent; HostName = 'kms01.corp.example'; Folder = (Join-Path $place 'data'); Program = (Join-Path $place 'program'); CaFile = $Setting.ca }
            foreach ($key in $More.Keys) { $arguments[$key] = $More[$key] }
            return Invoke-Script (Join-Path $From 'install.ps1') $arguments
        }
        function Invoke-Uninstall { return Invoke-Script 'install.ps1' @{ Uninstall = $true; Folder = (Join-Path $place 'data'); Program = (Join-Path $place 'program') } }
        function Get-Task { return $Tasks['kmswatch-push'].Xml.Task }
    }
    BeforeEach {
        Reset-Host
        Reset-Windows
        $numbers = Set-Requests 4
        $TestLogs['Application'].Records = @(New-Application $numbers.From ($numbers.From + 40) 12293)
        # With blanks, as in C:\Program Files.
        $place = Join-Path $Setting.folder "host $([guid]::NewGuid().ToString('N')) of KMS"
        [void] (New-Item -ItemType Directory -Path $place)
    }

    It 'goes from the copied folder to the first record stored' {
        $run = Invoke-Install
        $run.Text | Should -Not -Match 'problem'
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'ok      report to kmswatch: the token is taken'
        $run.Text | Should -Match 'sent: accepted 5, duplicate 0, ignored 0, rejected 0, reports 1; waiting: 0 bytes'
        $run.Text | Should -Not -Match 'the-token-of-kms01'
        @($Changes | Where-Object { $_ -notlike 'rights*' }) | Should -Be @('asked for the token', 'join S-1-5-32-573 S-1-5-19', 'register kmswatch-check', 'stop kmswatch-check', 'unregister kmswatch-check', 'register kmswatch-push')
        [IO.File]::ReadAllText((Join-Path $place 'data/push.token')) | Should -Be 'the-token-of-kms01'
        Get-Content (Join-Path $place 'data/state/last-run.txt') | Should -Match 'sent: accepted 5'
        $there = @(Get-ChildItem (Join-Path $place 'program') | ForEach-Object Name)
        $there | Should -Be @(Get-ChildItem $Scripts | Where-Object { $_.Extension -in '.ps1', '.xml' } | ForEach-Object Name)
        $task = Get-Task
        $task.Principals.Principal.UserId | Should -Be 'S-1-5-19'
        $task.Triggers.TimeTrigger.Repetition.Interval | Should -Be 'PT5M'
        $task.Actions.Exec.Arguments | Should -BeLike "-NoProfile -NonInteractive -ExecutionPolicy RemoteSigned -File `"*kmswatch-push.ps1`" -Url $Agent -HostName kms01.corp.example -Folder `"*data`" -Output `"*last-run.txt`""
    }

    It 'gives the folders to administrators, and LOCAL SERVICE what it needs' {
        [void] (Invoke-Install)
        $everything = '(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)'
        @($Changes | Where-Object { $_ -like 'rights*' }) | Should -Be @(
            "rights of program: O:BAG:BAD:PAI$everything(A;OICI;0x1200a9;;;BU)"
            "rights of data: O:BAG:BAD:PAI$everything(A;OICI;0x1200a9;;;LS)"
            "rights of state: O:BAG:BAD:PAI$everything(A;OICI;0x1301bf;;;LS)"
        )
    }

    It 'says with -WhatIf what it would do, and does nothing' {
        $run = Invoke-Install @{ WhatIf = $true }
        $run.Code | Should -Be 0
        @($run.Text -split "`n" -match ' would ').Count | Should -Be 6
        $Changes | Should -HaveCount 0
        Get-ChildItem $place | Should -HaveCount 0
        [void] (Invoke-Install)
        $before = @(Get-ChildItem $place -Recurse | ForEach-Object Name)
        $Changes.Clear()
        $run = Invoke-Script 'install.ps1' @{ Uninstall = $true; WhatIf = $true; Folder = (Join-Path $place 'data'); Program = (Join-Path $place 'program') }
        @($run.Text -split "`n" -match ' would ').Count | Should -Be 4
        $Changes | Should -HaveCount 0
        @(Get-ChildItem $place -Recurse | ForEach-Object Name) | Should -Be $before
    }

    It 'can be run again: for an update, with what was installed before, and from the installed folder' {
        [void] (Invoke-Install)
        $Changes.Clear()
        $run = Invoke-Install @{ CaFile = '' }
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'accepted 0, duplicate 0'
        $Changes | Should -Not -Contain 'asked for the token'
        $Changes | Should -Not -Contain 'join S-1-5-32-573 S-1-5-19'
        $Changes | Should -Contain 'unregister kmswatch-push'
        $Tasks.Keys | Should -Be 'kmswatch-push'
        (Invoke-Install @{ CaFile = '' } (Join-Path $place 'program')).Code | Should -Be 0
    }

    It 'takes the token from a file, and several kmswatch' {
        $file = Join-Path $place 'kms01.token'
        [IO.File]::WriteAllText($file, "the-token-of-kms01`r`n")
        # The check is answered with another word than the records.
        $other = Get-Peer @('400', '400', 'ok')
        $run = Invoke-Install @{ TokenFile = $file; Url = "$Agent/, $other" }
        $run.Code | Should -Be 0
        $Changes | Should -Not -Contain 'asked for the token'
        (Get-Sent $other).Count | Should -BeGreaterThan 0
        [void] (Invoke-Install @{ TokenFile = $file; Url = $Agent; MoreUrls = $other })
        (Get-Task).Actions.Exec.Arguments | Should -BeLike "* -Url $Agent,$other -HostName *"
    }

    It 'needs no group for SYSTEM' {
        (Invoke-Install @{ System = $true }).Code | Should -Be 0
        $Changes | Should -Not -Contain 'join S-1-5-32-573 S-1-5-19'
        (Get-Task).Principals.Principal.UserId | Should -Be 'S-1-5-18'
    }

    It 'joins the group of a domain controller by its translated name, <what>' -ForEach @(
        @{ what = 'once'; net = @{ Code = 0; Told = 'done' }; code = 0; says = 'ok      let LOCAL SERVICE' }
        @{ what = 'or is in it already'; net = @{ Code = 2; Told = 'Systemfehler 1378 aufgetreten.' }; code = 0; says = 'ok      let LOCAL SERVICE' }
        @{ what = 'or says why not'; net = @{ Code = 2; Told = 'System error 5 has occurred.' }; code = 2; says = 'problem 2: LOCAL SERVICE does not get into the group: System error 5' }
    ) {
        $TestWmi.Rows.Win32_ComputerSystem = @{ DomainRole = 5 }
        $TestWindows.Net = $net
        $run = Invoke-Install
        $run.Text | Should -Match $says
        $run.Code | Should -Be $code
        $Changes | Should -Contain 'net localgroup|Ereignisprotokollleser|Lokaler Dienst|/add'
        $Changes.Clear()
        (Invoke-Uninstall).Code | Should -Be 0
        @($Changes | Where-Object { $_ -like 'leave*' -or $_ -like 'net*' }) | Should -HaveCount 0
    }

    It 'runs signed scripts alone where the policy says so' {
        $TestWindows.Policy = 'AllSigned'
        (Invoke-Install).Code | Should -Be 0
        (Get-Task).Actions.Exec.Arguments | Should -BeLike '*-ExecutionPolicy AllSigned -File*'
        $TestWindows.Unsigned = 'send.ps1'
        $Changes.Clear()
        $run = Invoke-Install
        $run.Text | Should -Match 'problem 2: this machine runs only signed scripts, and the signature of .*send.ps1 is: NotSigned'
        $run.Code | Should -Be 2
        $Changes | Should -HaveCount 0
    }

    It 'changes nothing when <what>' -ForEach @(
        @{ what = 'nobody with the rights runs it'; spoil = { $TestWindows.Administrator = $false }; more = @{}; says = 'needs the rights of an administrator' }
        @{ what = 'somebody else made the folder'; spoil = { $global:TestOwner = 'S-1-5-21-1-2-3-1001'; [void] (New-Item -ItemType Directory (Join-Path $place 'data')) }; more = @{}; says = 'data is there already and belongs to S-1-5-21-1-2-3-1001' }
        @{ what = 'there is no URL'; spoil = {}; more = @{ Url = @() }; says = 'pass the URL of kmswatch' }
        @{ what = 'the URL is no HTTPS'; spoil = {}; more = @{ Url = 'http://localhost' }; says = 'has to begin with https://' }
        @{ what = 'the name is none'; spoil = {}; more = @{ HostName = 'kms01" -Url https://evil.example "' }; says = '-HostName is not a name of a host' }
        @{ what = 'there is no root'; spoil = {}; more = @{ CaFile = '' }; says = 'put the root certificate there, or pass -CaFile' }
        @{ what = 'the root is none'; spoil = { [IO.File]::WriteAllText((Join-Path $place 'no.pem'), 'no') }; more = @{ CaFile = 'no.pem' }; says = 'no.pem has no certificate in PEM form' }
        @{ what = 'the file of the token is not there'; spoil = {}; more = @{ TokenFile = 'none.token' }; says = 'none.token' }
        @{ what = 'the token has blanks'; spoil = { $TestWindows.Typed = 'two words' }; more = @{}; says = 'that is no token' }
    ) {
        & $spoil
        if ($more.CaFile) { $more = @{ CaFile = Join-Path $place $more.CaFile } }
        $run = Invoke-Install $more
        $run.Text | Should -Match "problem 2: .*$([regex]::Escape($says))"
        $run.Code | Should -Be 2
        @($Changes | Where-Object { $_ -ne 'asked for the token' }) | Should -HaveCount 0
    }

    It 'finishes although <what>, and ends with code <code>' -ForEach @(
        @{ what = 'the token is wrong'; spoil = { $TestWindows.Typed = 'another' }; code = 4; says = 'kmswatch answers 401' }
        @{ what = 'the task ends as none of ours does'; spoil = { $TestWindows.TaskResult = 4294770688 }; code = 1; says = 'the task kmswatch-push ended with code 4294770688' }
    ) {
        & $spoil
        $run = Invoke-Install
        $run.Text | Should -Match $says
        $run.Code | Should -Be $code
        $Tasks.Keys | Should -Be 'kmswatch-push'
    }

    It 'does not wait for ever for a task that does not end' {
        $TestWindows.TaskResult = 267009
        $run = Invoke-Install
        $run.Text | Should -Match 'problem 1: the task kmswatch-push has not ended within 320 s'
        $run.Code | Should -Be 1
    }

    It 'says why the group does not take LOCAL SERVICE' {
        $TestWindows.GroupFault = [Exception]::new('no such group')
        $run = Invoke-Install
        $run.Text | Should -Match 'problem 2: no such group'
        $run.Code | Should -Be 2
    }

    It 'takes away what it brought, and nothing of others' {
        [void] (Invoke-Install)
        [IO.File]::WriteAllText((Join-Path $place 'program/mine.txt'), '')
        $Changes.Clear()
        $run = Invoke-Uninstall
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'program stays: it has files of others'
        $Changes | Should -Be @('stop kmswatch-push', 'unregister kmswatch-push', 'leave S-1-5-32-573 S-1-5-19')
        @(Get-ChildItem $place -Recurse | ForEach-Object Name) | Should -Be @('program', 'mine.txt')
        (Invoke-Uninstall).Code | Should -Be 0
    }

    It 'leaves a membership that was there before' {
        $TestWindows.Member = $true
        (Invoke-Install).Code | Should -Be 0
        $Changes.Clear()
        (Invoke-Uninstall).Code | Should -Be 0
        $Changes | Should -Not -Contain 'leave S-1-5-32-573 S-1-5-19'
        Get-ChildItem $place | Should -HaveCount 0
    }

    # The task runs a copy of the script, whose commands do not count as run.
    It 'writes what it says into the file of -Output' {
        $folder = New-HostFolder
        $file = Join-Path $folder 'said.txt'
        $run = Invoke-Push $folder $Agent @{ Output = $file }
        $run.Text | Should -Be ''
        $run.Code | Should -Be 0
        [IO.File]::ReadAllText($file) | Should -Match 'sent: accepted 5'
    }

    It 'keeps the output on the console where the file cannot be written' {
        $folder = New-HostFolder
        $run = Invoke-Push $folder $Agent @{ Output = (Join-Path $folder 'none/here.txt') }
        $run.Text | Should -Match 'the output cannot be written to .*here.txt'
        $run.Text | Should -Match 'sent: accepted 5'
        $run.Code | Should -Be 0
    }
}

# kmswatch-push.ps1 as a whole, against the running agent.

Describe 'kmswatch-push.ps1' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
    }
    BeforeEach {
        Reset-Host
        $folder = New-HostFolder
        $numbers = Set-Requests 10
    }

    Context 'a run' {
        It 'sends everything the first time, and what is new the second' {
            $first = Invoke-Push $folder
            $first.Text | Should -Match 'sent: accepted 1[02], duplicate [02], ignored 0, rejected 0, reports 1; waiting: 0 bytes'
            $first.Code | Should -Be 0
            (Invoke-Push $folder).Text | Should -Match 'accepted 0, duplicate 0, ignored 0, rejected 0, reports 1'
            Add-Requests 20
            (Invoke-Push $folder).Text | Should -Match 'accepted 20, duplicate 0'
        }

        It 'says which logs were read up to where, records or none' {
            $url = Get-Peer 'ok'
            $TestLogs['Key Management Service'].Records = @()
            (Invoke-Push $folder $url).Code | Should -Be 0
            $report = (Get-Sent $url | Where-Object path -Like '*/reports/*')[0].body | ConvertFrom-Json
            $report.logs[0].channel, $report.logs[0].record_id | Should -Be 'Key Management Service', 0
            $report.logs[1].channel, $report.logs[1].record_id | Should -Be 'Application', 540
            $report.os | Should -Be "Windows Server 2022 Datacenter f$([char] 0xfc)r"
            $report.products.Count | Should -Be 1
        }

        It 'keeps the log of a quiet host in the eyes of kmswatch, and never says so while records wait' {
            $url = Get-Peer 'other_host'
            (Invoke-Push $folder $url).Code | Should -Be 4
            $report = (Get-Sent $url | Where-Object path -Like '*/reports/*')[0].body | ConvertFrom-Json
            $report.PSObject.Properties.Name | Should -Not -Contain 'logs'
        }

        It 'keeps part of a part bodied log in small bodies' {
            $url = Get-Peer 'ok'
            (Invoke-Push $folder $url @{ MaxBody = 1000 }).Text | Should -Match 'accepted 12'
            $bodies = @(Get-Sent $url | Where-Object path -Like '*/events')
            $bodies.Count | Should -BeGreaterThan 5
            foreach ($body in $bodies) { $body.body.Length | Should -BeLessOrEqual 1001 }
        }

        It 'sends the same once more with -FromStart' {
            [void] (Invoke-Push $folder)
            (Invoke-Push $folder $Agent @{ FromStart = $true }).Text | Should -Match 'accepted 0, duplicate 12'
        }

        It 'ends its work in time, and goes on from there' {
            $early = Invoke-Push $folder $Agent @{ MaxSeconds = 0 }
            $early.Code | Should -Be 0
            $early.Text | Should -Match 'accepted 0.*reports 1'
            (Invoke-Push $folder).Text | Should -Match 'waiting: 0 bytes'
            Get-WaitingLines $folder | Should -HaveCount 0
            (Invoke-Push $folder $Agent @{ FromStart = $true }).Text | Should -Match 'accepted 0, duplicate 12'
        }

        It 'takes over the cursor and the spool of version 0.1' {
            $url = Get-Peer 'ok'
            [void] (Invoke-Push $folder $url)
            $state = Split-Path (Get-State $folder '/cursor.json')[0].FullName
            Move-Item (Join-Path $state 'cursor.json') (Join-Path $folder 'state/cursor.json')
            [void] (New-Item -ItemType Directory (Join-Path $folder 'state/spool'))
            [IO.File]::WriteAllText((Join-Path $folder 'state/spool/events-0001-000001.json'), "{`"old`":1}`n")
            Remove-Item -Recurse $state
            (Invoke-Push $folder $url).Text | Should -Match 'accepted 1, duplicate 0'
            Join-Path $folder 'state/cursor.json' | Should -Not -Exist
        }

        It 'leaves no token in what it prints' {
            (Invoke-Push $folder).Text + (Invoke-Push $folder $Agent @{ Check = $true }).Text | Should -Not -Match 'the-token-of-kms01'
        }
    }

    Context 'a log' {
        BeforeEach { [void] (Invoke-Push $folder) }

        It 'that was cleared is read from its start, with fewer records' {
            $TestLogs['Key Management Service'].Records = @(New-Requests 1 3 'kms01.corp.example' ([DateTime]::UtcNow))
            $run = Invoke-Push $folder
            $run.Text | Should -Match "the log 'Key Management Service' was cleared since the last run"
            $run.Text | Should -Match 'accepted 3, duplicate 0'
            $run.Code | Should -Be 0
        }

        It 'that was cleared is read from its start, with more records than before' {
            # The number of the last one that was sent is there again, at another time.
            $TestLogs['Key Management Service'].Records = @(New-Requests ($numbers.To - 9) ($numbers.To + 5) 'kms01.corp.example' ([DateTime]::UtcNow))
            $run = Invoke-Push $folder
            $run.Text | Should -Match 'was cleared since the last run'
            $run.Text | Should -Match 'accepted 15'
        }

        It 'that was overwritten is reported with the numbers that are lost' {
            $from = $numbers.To + 21
            $TestLogs['Key Management Service'].Records = @(New-Requests $from ($from + 4) 'kms01.corp.example' ([DateTime]::UtcNow))
            $run = Invoke-Push $folder
            $run.Code | Should -Be 5
            $run.Text | Should -Match "problem 5: the log 'Key Management Service' has lost records before they were read, $($numbers.To + 1) to $($from - 1)"
            $run.Text | Should -Match 'accepted 5'
        }

        It 'that rolled over without a gap is no problem' {
            $TestLogs['Key Management Service'].Records = @(New-Requests ($numbers.To + 1) ($numbers.To + 5) 'kms01.corp.example' ([DateTime]::UtcNow))
            $run = Invoke-Push $folder
            $run.Code | Should -Be 0
            $run.Text | Should -Match 'accepted 5'
        }

        It 'that other programs share has lost nothing of KMS for sure: no alarm' {
            $TestLogs['Application'].Records = @(New-Application 900 910)
            $run = Invoke-Push $folder
            $run.Code | Should -Be 0
            $run.Text | Should -Match "the log 'Application' has lost records before they were read, 541 to 899.*of other programs"
        }

        It 'that was emptied is no problem' {
            $TestLogs['Key Management Service'].Records = @()
            $run = Invoke-Push $folder
            $run.Code, ($run.Text -match 'problem') | Should -Be 0, $false
        }

        It 'that is gone, or may not be read, keeps the other from nothing' {
            $TestLogs.Remove('Key Management Service')
            $TestLogs['Application'].Records += @(New-Application 541 542 12293, 12293)
            $run = Invoke-Push $folder
            $run.Code | Should -Be 1
            $run.Text | Should -Match "problem 1: the log 'Key Management Service' was not read to its end: The specified channel could not be found"
            $run.Text | Should -Match 'accepted 2.*reports 1'
            $TestLogs['Key Management Service'] = New-Log
            $TestLogs['Key Management Service'].Fault = [UnauthorizedAccessException]::new('Attempted to perform an unauthorized operation')
            (Invoke-Push $folder).Text | Should -Match 'problem 1.*unauthorized operation'
        }

        It 'that is written to meanwhile loses nothing, and nothing comes twice' {
            $TestLogs['Key Management Service'].OnRead = { Add-Requests 7 }
            Add-Requests 3
            (Invoke-Push $folder).Text | Should -Match 'accepted 3, duplicate 0'
            (Invoke-Push $folder).Text | Should -Match 'accepted 7, duplicate 0'
        }

        It 'is sent from its start when the cursor cannot be read' {
            [IO.File]::WriteAllText((Get-State $folder '/cursor.json')[0].FullName, '{"Key Mana')
            $run = Invoke-Push $folder
            $run.Text | Should -Match 'the cursor cannot be read, the logs are sent from their start'
            $run.Text | Should -Match 'accepted 0, duplicate 12'
            (Invoke-Push $folder).Text | Should -Match 'accepted 0, duplicate 0'
        }

        It 'goes on from the new cursor where only the old one was taken away' {
            $file = (Get-State $folder '/cursor.json')[0].FullName
            Move-Item $file "$file.tmp"
            (Invoke-Push $folder).Text | Should -Match 'accepted 0, duplicate 0'
        }

        It 'goes on from a cursor of version 0.1, which names no number beside its record' {
            $file = (Get-State $folder '/cursor.json')[0].FullName
            [IO.File]::WriteAllText($file, ([IO.File]::ReadAllText($file) -replace '"after":\d+,?', '' -replace ',}', '}'))
            Add-Requests 2
            (Invoke-Push $folder).Text | Should -Match 'accepted 2, duplicate 0'
        }
    }

    Context 'the spool' {
        It 'that is full leaves the rest in the log until there is room' {
            $away = "https://localhost:$($Setting.peers.nobody)"
            $run = Invoke-Push $folder $away @{ MaxSpool = 2000; MaxBody = 700 }
            $run.Code | Should -Be 3
            $run.Text | Should -Match 'problem 3: the spool is full \(2000 bytes\)'
            $waiting = @(Get-WaitingLines $folder).Count
            $waiting | Should -BeGreaterThan 0
            $waiting | Should -BeLessThan 10
            [void] (Invoke-Push $folder $away)
            Get-WaitingLines $folder | Should -HaveCount 12
            (Get-WaitingLines $folder | Sort-Object -Unique).Count | Should -Be 12
        }

        It 'is rid of a file that is damaged, which is put aside; the others are sent' {
            [void] (Invoke-Push $folder "https://localhost:$($Setting.peers.nobody)")
            $file = (Get-Waiting $folder)[0].FullName
            $lines = Get-Content -LiteralPath $file
            [IO.File]::WriteAllText($file, "$($lines[0])`nhalf a li`n`n{`"also`":`n")
            $url = Get-Peer 'ok'
            $old = Split-Path (Split-Path $file)
            $new = Join-Path (Split-Path $old) ("localhost_$($Setting.peers.good)$(([Uri] $url).AbsolutePath)" -replace '/', '-')
            Move-Item $old $new
            $run = Invoke-Push $folder $url
            $run.Code | Should -Be 5
            $run.Text | Should -Match "2 records are of no use to kmswatch and lie in .*refused.*: the file .* of the spool is damaged"
            $run.Text | Should -Match 'accepted 3'
            Get-RefusedLines $folder | Should -Be 'half a li', '{"also":'
            Get-Waiting $folder | Should -HaveCount 0
        }

        It 'forgets what a run that was killed left half written' {
            [void] (Invoke-Push $folder)
            $spool = Join-Path (Split-Path (Get-State $folder '/cursor.json')[0].FullName) 'spool'
            [IO.File]::WriteAllText((Join-Path $spool 'events-1.json.tmp'), '{')
            (Invoke-Push $folder).Code | Should -Be 0
            Get-State $folder '.tmp' | Should -HaveCount 0
        }

        It 'keeps one day of reports, and says which it lets go' {
            $url = "https://localhost:$($Setting.peers.nobody)"
            [void] (Invoke-Push $folder $url)
            $report = (Get-State $folder '/spool/report-*.json')[0].FullName
            foreach ($number in 1..290) { Copy-Item $report ($report -replace '-\d{6}\.json$', "-9$($number.ToString('D5')).json") }
            $run = Invoke-Push $folder $url
            $run.Text | Should -Match 'problem 5: kmswatch has been away for long: the oldest report is deleted'
            Get-State $folder '/spool/report-*.json' | Should -HaveCount 288
        }
    }

    Context 'two runs at once' {
        It 'do not get in each other''s way: the second says so and is no alarm' {
            [void] (Invoke-Push $folder)
            $lock = [IO.FileStream]::new((Join-Path $folder 'state/lock'), 'OpenOrCreate', 'ReadWrite', 'None')
            try {
                $run = Invoke-Push $folder
                $run.Code | Should -Be 0
                $run.Text | Should -Match 'another run is at work'
                $run.Text | Should -Not -Match 'problem|sent:'
            } finally { $lock.Dispose() }
        }
    }

    Context 'several kmswatch' {
        It 'get everything, each with its own cursor and spool; one that is away keeps nothing from the other' {
            $away = "https://localhost:$($Setting.peers.silent)"
            $other = Get-Peer 'ok'
            $run = Invoke-Push $folder @($away, $Agent, $other) @{ Timeout = 2 }
            $run.Code | Should -Be 3
            $run.Text | Should -Match "localhost:$($Setting.agent): sent: accepted 1[02], duplicate [02]"
            $run.Text | Should -Match "localhost:$($Setting.peers.good): sent: accepted 12, duplicate 0.*reports 1"
            $run.Text | Should -Match "localhost:$($Setting.peers.silent): problem 3: no TLS connection within 2 s"
            # Nobody waited for the one that is away.
            $lines = $run.Text -split "`n"
            ($lines | Select-String 'accepted 1\d').LineNumber | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeLessThan ($lines | Select-String 'problem 3').LineNumber
            Get-WaitingLines $folder | Should -HaveCount 12
            $TestWmi.Queries | Should -Be 3
            Add-Requests 4
            (Invoke-Push $folder @($Agent, $other)).Text | Should -Match "localhost:$($Setting.agent): sent: accepted 4, duplicate 0"
        }

        It 'are given as `powershell -File` gives them' {
            $run = Invoke-Script 'kmswatch-push.ps1' @{ Url = "$Agent,"; MoreUrls = "$Agent/, $(Get-Peer 'ok')"; Folder = $folder; HostName = 'kms01.corp.example' }
            $run.Code | Should -Be 0
            ($run.Text -split "`n" -match 'sent: ').Count | Should -Be 2
        }

        It 'are sent to where one of the URLs is wrong' {
            $run = Invoke-Push $folder @('http://localhost:1', $Agent)
            $run.Code | Should -Be 2
            $run.Text | Should -Match 'problem 2: the URL has to begin with https://.*http://localhost:1'
            $run.Text | Should -Match 'accepted 1[02]'
        }
    }
}

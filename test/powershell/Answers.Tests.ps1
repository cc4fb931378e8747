# What counts as an acknowledgement, and what becomes of everything else that may answer.

Describe 'an answer' {
    BeforeDiscovery {
        # What came, the code of the run, what is said of it, and whether the records are kept to be sent again.
        $kept = @(
            @{ word = 'html'; code = 3; says = 'kmswatch answers 200 .*not an answer of kmswatch: <html><body>Please log in.*acknowledges nothing' }
            @{ word = 'empty'; code = 3; says = 'answers 200 .*an answer without content' }
            @{ word = 'no_content'; code = 3; says = 'answers 204 .*an answer without content' }
            @{ word = 'not_http'; code = 3; says = 'the answer is not HTTP' }
            @{ word = 'odd_status'; code = 3; says = 'the answer is not HTTP' }
            @{ word = 'odd_numbers'; code = 3; says = 'answers 200 .*acknowledges nothing' }
            @{ word = 'odd_chunks'; code = 3; says = 'answers 200 .*cut off' }
            @{ word = 'status_cut'; code = 3; says = 'the answer was cut off' }
            @{ word = 'head_cut'; code = 3; says = 'the answer was cut off' }
            @{ word = 'body_cut'; code = 3; says = 'answers 200 .*cut off' }
            @{ word = 'json_cut'; code = 3; says = 'answers 200 .*not an answer of kmswatch' }
            @{ word = 'chunks_cut'; code = 3; says = 'answers 200 .*cut off' }
            @{ word = 'one_short'; code = 3; says = 'answers 200 .*acknowledges nothing' }
            @{ word = 'huge'; code = 3; says = 'the answer has more than 1048576 bytes' }
            @{ word = 'reset'; code = 3; says = 'problem 3' }
            @{ word = 'hang'; code = 3; says = 'no whole answer within [0-9]+ s' }
            @{ word = 'drip'; code = 3; says = 'no whole answer within [0-9]+ s' }
            @{ word = 'redirect'; code = 4; says = 'answers 302 .*it leads to https://login.example/\?to=kmswatch: the URL has to be that of kmswatch itself' }
            @{ word = 'html400'; code = 4; says = 'answers 400 .*Please log in' }
            @{ word = 'other_host'; code = 4; says = 'answers 400 .*a host can only send its own records' }
            @{ word = '301'; code = 4; says = 'answers 301' }
            @{ word = '401'; code = 4; says = 'answers 401' }
            @{ word = '403'; code = 4; says = 'answers 403' }
            @{ word = '404'; code = 4; says = 'answers 404' }
            @{ word = '405'; code = 4; says = 'answers 405' }
            @{ word = '407'; code = 4; says = 'answers 407' }
            @{ word = '411'; code = 4; says = 'answers 411' }
            @{ word = '431'; code = 4; says = 'answers 431' }
            @{ word = '408'; code = 3; says = 'answers 408' }
            @{ word = '429'; code = 3; says = 'answers 429' }
            @{ word = '500'; code = 3; says = 'answers 500' }
            @{ word = '502'; code = 3; says = 'answers 502' }
            @{ word = '503'; code = 3; says = 'answers 503 .*as the test demands: 503' }
            @{ word = '504'; code = 3; says = 'answers 504' }
        )
    }
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
    }
    BeforeEach {
        Reset-Host
        $folder = New-HostFolder
    }

    Context 'records' {
        It 'stay when the answer is <word>, and all are sent once kmswatch is back' -ForEach $kept {
            # A refusal is no reason to try again, nor to keep the report.
            $tries = if ($code -eq 4) { 1 } else { 3 }
            $url = Get-Peer (@($word) * [Math]::Max(2, $tries) + 'ok')
            # Long enough that a busy machine has sent the request by then.
            $more = @{ Timeout = if ($word -in 'hang', 'drip') { $Setting.patience } else { 60 } }
            $TestLogs['Application'].Records = @()
            $run = Invoke-Push $folder $url $more
            $run.Text | Should -Match $says
            $run.Code | Should -Be $code
            Get-WaitingLines $folder | Should -HaveCount 10
            @(Get-Sent $url | Where-Object path -Like '*/events').Count | Should -Be $tries
            # Whatever words are left of the three.
            for ($next = 0; $next -lt 5 -and @(Get-WaitingLines $folder).Count -gt 0; $next++) { $last = Invoke-Push $folder $url }
            $last.Code | Should -Be 0
            $acknowledged = @(Get-Sent $url | Where-Object path -Like '*/events')[-1].body
            @($acknowledged.Trim() -split "`n").Count | Should -Be 10
        }

        It 'leave the spool after a whole answer whose numbers add up: <word>' -ForEach @('ok', 'keep', 'close', 'chunks', 'early_hints' | ForEach-Object { @{ word = $_ } }) {
            $run = Invoke-Push $folder (Get-Peer $word)
            $run.Code | Should -Be 0
            $run.Text | Should -Match 'accepted 12, .*reports 1; waiting: 0 bytes'
            # Nobody waits for a connection that stays open: that would end with `no whole answer`.
            $TestSleeps | Should -HaveCount 0
        }

        It 'are tried again after as long as the server asked for' {
            (Invoke-Push $folder (Get-Peer '503', '429', 'ok')).Code | Should -Be 0
            $TestSleeps | Should -Be 7, 7
            $TestSleeps.Clear()
            [void] (Invoke-Push (New-HostFolder) (Get-Peer '503', 'ok') @{ MaxSeconds = 5 })
            # It would take longer than there is time.
            $TestSleeps | Should -HaveCount 0
        }

        It 'are halved when a body is too large' {
            $url = Get-Peer 'two_at_most'
            $run = Invoke-Push $folder $url
            $run.Code | Should -Be 0
            $run.Text | Should -Match 'accepted 12'
        }

        It 'are put aside one by one when even one is too large, and the report too' {
            $TestLogs['Application'].Records = @()
            $run = Invoke-Push $folder (Get-Peer '413')
            $run.Code | Should -Be 5
            $run.Text | Should -Match 'a single record is too large'
            $run.Text | Should -Match 'the report is of no use to kmswatch and lies in .*report.json: kmswatch answers 413'
            Get-RefusedLines $folder | Should -HaveCount 10
            Get-Waiting $folder | Should -HaveCount 0
        }
    }

    Context 'what kmswatch cannot use' {
        BeforeEach { $TestLogs['Application'].Records = @() }

        It 'is put aside, the one record that it names' {
            $run = Invoke-Push $folder (Get-Peer 'second_rejected', 'ok')
            $run.Code | Should -Be 5
            $run.Text | Should -Match 'problem 5: 1 records are of no use to kmswatch and lie in .*/refused/events-.*: kmswatch answers 200 to /api/v1/events: it is no log record'
            $run.Text | Should -Match 'accepted 9, duplicate 0, ignored 0, rejected 1'
            $lines = Get-RefusedLines $folder
            $lines | Should -HaveCount 1
            $lines | Should -Match '"record_id":2,'
        }

        It 'is put aside with its whole body where kmswatch does not name each' {
            (Invoke-Push $folder (Get-Peer 'three_rejected', 'ok')).Code | Should -Be 5
            Get-RefusedLines $folder | Should -HaveCount 10
            $other = New-HostFolder
            (Invoke-Push $other (Get-Peer 'another_rejected', 'ok')).Code | Should -Be 5
            Get-RefusedLines $other | Should -HaveCount 10
        }

        It 'keeps nothing after it waiting, and is sent again with -Resend' {
            $url = Get-Peer 'all_rejected', 'ok'
            $run = Invoke-Push $folder $url
            $run.Code | Should -Be 5
            $run.Text | Should -Match '10 records are of no use.*reports 1'.Replace('.*reports', '[\s\S]*reports')
            Get-RefusedLines $folder | Should -HaveCount 10
            Add-Requests 2
            (Invoke-Push $folder $url).Text | Should -Match 'accepted 2'
            $again = Invoke-Push $folder $url @{ Resend = $true }
            $again.Code | Should -Be 0
            $again.Text | Should -Match 'accepted 10'
            Get-RefusedLines $folder | Should -HaveCount 0
        }

        It 'does not grow for ever: the oldest goes, and is named' {
            $url = Get-Peer 'all_rejected', 'ok'
            [void] (Invoke-Push $folder $url)
            $file = (Get-State $folder '*/refused/events-*.json')[0].FullName
            [IO.File]::WriteAllText($file, 'x' * 16777216)
            $again = Get-Peer 'all_rejected'
            $state = Split-Path (Split-Path $file)
            Move-Item $state (Join-Path (Split-Path $state) ("localhost_$($Setting.peers.good)$(([Uri] $again).AbsolutePath)" -replace '/', '-'))
            Add-Requests 1
            (Invoke-Push $folder $again).Text | Should -Match 'problem 5: what was refused has grown to more than 16777216 bytes: the oldest is deleted, .*events-'
            Get-RefusedLines $folder | Should -HaveCount 1
        }

        It 'may be a report: the newest of them is kept to be looked at' {
            $run = Invoke-Push $folder (Get-Peer 'ok', '400')
            $run.Code | Should -Be 5
            $run.Text | Should -Match 'the report is of no use to kmswatch and lies in .*report.json: kmswatch answers 400 to /api/v1/reports/kms01.corp.example: as the test demands'
            Get-State $folder '/refused/report.json' | Should -HaveCount 1
            Get-State $folder '/spool/report-*.json' | Should -HaveCount 0
        }
    }

    Context 'the agent itself' {
        It 'refuses <what> with <code>, and all is kept' -ForEach @(
            @{ what = 'a wrong token'; token = 'nobody'; name = 'kms01.corp.example'; says = 'answers 401' }
            @{ what = 'the token of another host'; token = 'the-token-of-kms02'; name = 'kms01.corp.example'; says = 'answers 400 to /api/v1/events: a host can only send its own records' }
            @{ what = 'a host that it does not know'; token = 'the-token-of-kms01'; name = 'nobody.corp.example'; says = 'answers 404 to /api/v1/reports/nobody.corp.example' }
        ) {
            $numbers = Set-Requests 10
            $folder = New-HostFolder $token
            $run = Invoke-Script 'kmswatch-push.ps1' @{ Url = $Agent; Folder = $folder; HostName = $name }
            $run.Code | Should -Be 4
            $run.Text | Should -Match $says
            Get-State $folder '/spool/report-*.json' | Should -HaveCount 1
            [IO.File]::WriteAllText((Join-Path $folder 'push.token'), 'the-token-of-kms01')
            $last = Invoke-Push $folder
            $last.Code | Should -Be 0
            $last.Text | Should -Match 'accepted (12|10|2|0), .*waiting: 0 bytes'
        }

        It 'takes records of an alias, and keeps those of a stranger at the head of the line' {
            $numbers = Get-FreshNumbers 3
            $TestLogs['Key Management Service'].Records = @(New-Requests $numbers.From $numbers.To 'stranger.corp.example')
            $run = Invoke-Push $folder
            $run.Code | Should -Be 4
            $run.Text | Should -Match 'the record is from stranger.corp.example.*reports 1'.Replace('.*reports', '[\s\S]*reports')
            $numbers = Get-FreshNumbers 3
            $TestLogs['Key Management Service'].Records = @(New-Requests $numbers.From $numbers.To 'KMS01')
            (Invoke-Push (New-HostFolder)).Code | Should -Be 0
        }
    }
}

# Records that cannot be read are stepped over, counted and told, and nothing after them waits.

Describe 'a record that cannot be read' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
    }
    BeforeEach {
        Reset-Host
        $folder = New-HostFolder
        $requests = $TestLogs['Key Management Service']
        $requests.Records = @(New-Requests 1 60)
        $TestLogs['Application'].Records = @()
        $url = Get-Peer 'ok'
        function Get-Numbers { return @(Get-Sent $url | Where-Object path -Like '*/events' | ForEach-Object { $_.body.Trim() -split "`n" | ConvertFrom-Json | ForEach-Object record_id }) }
    }

    It 'steps over <what>' -ForEach @(
        @{ what = 'one in the middle'; bad = @(33); told = 'has 1 records that cannot be read; they were stepped over, the first is number 33, because: The data is invalid' }
        @{ what = 'the first'; bad = @(1); told = 'has 1 records .* the first is number 1,' }
        @{ what = 'the newest'; bad = @(60); told = 'has 1 records .* the first is number 60,' }
        @{ what = 'several in a row'; bad = @(20..29); told = 'has 10 records .* the first is number 20,' }
        @{ what = 'several apart'; bad = 2, 17, 18, 40, 59; told = 'has 5 records .* the first is number 2,' }
    ) {
        foreach ($number in $bad) { $requests.Records[$number - 1].Damaged = $true }
        $run = Invoke-Push $folder $url
        $run.Text | Should -Match "problem 5: the log 'Key Management Service' $told"
        $run.Text | Should -Match "accepted $(60 - $bad.Count), .*reports 1"
        $run.Code | Should -Be 5
        Get-Numbers | Should -Be @(1..60 | Where-Object { $bad -notcontains $_ })
        # Once: the next run knows.
        $requests.Records += @(New-Requests 61 62 'kms01.corp.example' ([DateTime]::UtcNow))
        $next = Invoke-Push $folder $url
        $next.Code | Should -Be 0
        $next.Text | Should -Match 'accepted 2, duplicate 0'
    }

    It 'finds the one far from where it looks, among records of others' {
        $TestLogs['Application'].Records = @(New-Application 1000 3000 12293, 12293)
        $TestLogs['Application'].Records[-3].Id = 12293
        $TestLogs['Application'].Records[-3].ProviderName = 'Microsoft-Windows-Security-SPP'
        $TestLogs['Application'].Records[1234].Damaged = $true
        $run = Invoke-Push $folder $url
        $run.Text | Should -Match "the log 'Application' has 1 records that cannot be read; they were stepped over, the first is number 2234,"
        $run.Text | Should -Match 'accepted 63'
    }

    It 'steps over one of which the content cannot be made out' {
        $requests.Records[4].TimeCreated = $null
        $run = Invoke-Push $folder $url
        $run.Text | Should -Match 'has 1 records that cannot be read; they were stepped over, the first is number 5, because: .*null'
        $run.Text | Should -Match 'accepted 59'
    }

    It 'takes several runs for a log of which much cannot be read, and goes on where it was' {
        $requests.Records = @(New-Requests 1 90)
        foreach ($number in 11..80) { $requests.Records[$number - 1].Damaged = $true }
        $first = Invoke-Push $folder $url
        $first.Text | Should -Match 'has 50 records that cannot be read'
        $first.Text | Should -Match 'accepted 10'
        $second = Invoke-Push $folder $url
        $second.Text | Should -Match 'has 20 records that cannot be read'
        $second.Text | Should -Match 'accepted 10'
        Get-Numbers | Should -Be (@(1..10) + @(81..90))
    }

    It 'begins a log of which the first can never be read only once' {
        $requests.Records = @(New-Requests 1 80)
        foreach ($number in 1..70) { $requests.Records[$number - 1].Damaged = $true }
        (Invoke-Push $folder $url).Text | Should -Match 'has 50 records that cannot be read'
        $second = Invoke-Push $folder $url
        $second.Text | Should -Match 'has 20 records that cannot be read'
        $second.Text | Should -Match 'accepted 10'
    }

    It 'goes on after the last one that it knows when just that one cannot be read any more' {
        [void] (Invoke-Push $folder $url)
        $requests.Records[59].Damaged = $true
        $requests.Records += @(New-Requests 61 63 'kms01.corp.example' ([DateTime]::UtcNow))
        $run = Invoke-Push $folder $url
        $run.Code | Should -Be 0
        $run.Text | Should -Match 'accepted 3, duplicate 0'
    }

    It 'tells a log that was cleared from one whose oldest record cannot be read' {
        [void] (Invoke-Push $folder $url)
        $requests.Records = @(New-Requests 70 75 'kms01.corp.example' ([DateTime]::UtcNow))
        $requests.Records[0].Damaged = $true
        $run = Invoke-Push $folder $url
        $run.Text | Should -Match 'accepted 5'
        Get-Numbers | Select-Object -Last 5 | Should -Be 71, 72, 73, 74, 75
    }

    It 'takes a log of which nothing can be read for one that cannot be read, and passes nothing' {
        foreach ($record in $requests.Records) { $record.Damaged = $true }
        $run = Invoke-Push $folder $url
        $run.Code | Should -Be 1
        $run.Text | Should -Match "problem 1: the log 'Key Management Service' was not read to its end: The data is invalid"
        foreach ($record in $requests.Records) { $record.Damaged = $false }
        (Invoke-Push $folder $url).Text | Should -Match 'accepted 60'
    }

    It 'passes nothing when all of a log becomes unreadable while it is read' {
        $requests.OnRead = { foreach ($record in $requests.Records) { $record.Damaged = $true } }
        $run = Invoke-Push $folder $url
        $run.Code | Should -Be 1
        $run.Text | Should -Match "problem 1: the log 'Key Management Service' was not read to its end: The data is invalid"
        foreach ($record in $requests.Records) { $record.Damaged = $false }
        (Invoke-Push $folder $url).Text | Should -Match 'accepted 60'
    }

    It 'keeps what was read when the log goes away in the middle' {
        $requests.OnRead = { $requests.Records[30].Damaged = $true; $requests.Fault = [Exception]::new('The RPC server is unavailable') }
        $run = Invoke-Push $folder $url
        $run.Code | Should -Be 1
        $run.Text | Should -Match 'The RPC server is unavailable'
        $requests.Fault = $null
        $requests.Records[30].Damaged = $false
        [void] (Invoke-Push $folder $url)
        Get-Numbers | Sort-Object -Unique | Should -Be @(1..60)
    }
}

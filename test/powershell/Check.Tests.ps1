# kmswatch-push.ps1 -Check, report.ps1 and import-history.ps1.

Describe 'beside the push' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
        function Test-Host($Url = $Agent, $More = @{}) { return Invoke-Push $folder $Url (@{ Check = $true } + $More) }
    }
    BeforeEach {
        Reset-Host
        $folder = New-HostFolder
    }

    Context '-Check' {
        It 'says ok to each step of a host as it should be, and sends and changes nothing' {
            $run = Test-Host
            $run.Code | Should -Be 0
            $run.Text | Should -Not -Match 'problem'
            ($run.Text -split "`n" -match ' ok ').Count | Should -Be 9
            foreach ($says in 'account: NT AUTHORITY\\LOCAL SERVICE', "log 'Key Management Service': {`"host`":", "log 'Application': {", 'licensing service: {"time"', 'push.token: only those', 'ca.pem: 1 to go back to', 'can be written; 0 bytes wait for kmswatch, 0 were refused', 'records to kmswatch: the token is taken, the route is there \(localhost\) \(\d\.\d s\)', 'report to kmswatch: the token is taken') {
                $run.Text | Should -Match $says
            }
            Get-State $folder 'json' | Should -HaveCount 0
        }

        It 'tries every step although <what>' -ForEach @(
            @{ what = 'nobody can say who runs it'; spoil = { $global:TestAccount.Fault = [PlatformNotSupportedException]::new('no account here') }; code = 1; says = 'problem 1: account: no account here'; ok = 8 }
            @{ what = 'a log is gone'; spoil = { $global:TestLogs.Remove('Key Management Service') }; code = 1; says = "problem 1: log 'Key Management Service': The specified channel could not be found"; ok = 8 }
            @{ what = 'WMI fails'; spoil = { $global:TestWmi.Fault = [Exception]::new('Access denied') }; code = 1; says = 'problem 1: licensing service: Access denied'; ok = 8 }
            @{ what = 'it is no KMS host'; spoil = { $global:TestWmi.Rows.SoftwareLicensingProduct = @() }; code = 1; says = 'problem 1: licensing service: it names no KMS host key'; ok = 8 }
            @{ what = 'there is no service'; spoil = { $global:TestWmi.Rows.SoftwareLicensingService = $null }; code = 1; says = 'problem 1: licensing service: SoftwareLicensingService has no instance'; ok = 8 }
            @{ what = 'the token can be read by all'; spoil = { $global:TestAcl += 'S-1-5-11' }; code = 2; says = 'problem 2: token .*can be read by S-1-5-11'; ok = 6 }
            @{ what = 'there is no ca.pem'; spoil = { Remove-Item (Join-Path $folder 'ca.pem') }; code = 2; says = 'problem 2: certificates .*ca.pem'; ok = 6 }
            @{ what = 'the token is wrong'; spoil = { [IO.File]::WriteAllText((Join-Path $folder 'push.token'), 'nobody') }; code = 4; says = 'problem 4: records to kmswatch: kmswatch answers 401'; ok = 7 }
        ) {
            & $spoil
            $run = Test-Host
            $run.Text | Should -Match $says
            $run.Code | Should -Be $code
            ($run.Text -split "`n" -match ' ok ').Count | Should -Be $ok
        }

        It 'tells <what> with code <code>' -ForEach @(
            @{ what = 'a server that is away'; words = 'ok'; server = 'nobody'; code = 3; says = 'cannot connect to' }
            @{ what = 'a wrong certificate'; words = 'ok'; server = 'name'; code = 2; says = 'is not for the name in the URL' }
            @{ what = 'a login page'; words = 'html'; server = 'good'; code = 3; says = 'kmswatch answers 200: not an answer of kmswatch: <html>' }
            @{ what = 'a redirect'; words = 'redirect'; server = 'good'; code = 4; says = 'kmswatch answers 302: it leads to https://login.example' }
            @{ what = 'a server that is busy'; words = '503'; server = 'good'; code = 3; says = 'kmswatch answers 503: as the test demands' }
        ) {
            $run = Test-Host (Get-Peer $words $server)
            $run.Text | Should -Match $says
            $run.Code | Should -Be $code
        }

        It 'says that a log has no record of KMS yet, and looks at each kmswatch' {
            $TestLogs['Application'].Records = @(New-Application 1 5)
            $run = Test-Host @($Agent, (Get-Peer 'redirect'))
            $run.Text | Should -Match "ok      log 'Application': can be read, and has no record of KMS yet"
            $run.Text | Should -Match 'report to kmswatch: the token is taken'
            $run.Code | Should -Be 4
        }
    }

    Context 'WMI' {
        It 'that fails keeps no record back' {
            $TestWmi.Fault = [Exception]::new('Generic failure')
            [void] (Set-Requests 3)
            $run = Invoke-Push $folder
            $run.Code | Should -Be 1
            $run.Text | Should -Match 'problem 1: the licensing service cannot be read: Generic failure'
            $run.Text | Should -Match 'sent: .*reports 0; waiting: 0 bytes'
        }
    }

    Context 'report.ps1' {
        It 'prints one line of JSON in ASCII' {
            $run = Invoke-Script 'report.ps1' @{}
            $run.Text | Should -Match '^[\x20-\x7e]+\r?\n$'
            $report = $run.Text | ConvertFrom-Json
            $report.os | Should -Be "Windows Server 2022 Datacenter f$([char] 0xfc)r"
            $report.service.Version | Should -Be '10.0.20348.1'
            $report.products[0].KeyManagementServiceCurrentCount | Should -Be 50
            $run.Text | Should -Not -Match 'PartialProductKey|ABCDE'
        }
    }

    Context 'import-history.ps1' {
        BeforeAll {
            function Invoke-Import([hashtable] $More = @{}) {
                $arguments = @{ Url = "$Agent/api/v1/events"; TokenFile = (Join-Path $folder 'push.token') }
                foreach ($key in $More.Keys) { $arguments[$key] = $More[$key] }
                return Invoke-Script 'import-history.ps1' $arguments
            }
        }
        BeforeEach {
            $folder = New-HostFolder 'the-token-of-ingest'
            $numbers = Set-Requests 30
        }

        It 'sends both logs, and may do so again' {
            $TestLogs['Application'].Records = @(New-Application 7000 7010 12293)
            $run = Invoke-Import @{ MaxBody = 2000 }
            $run.Text | Should -Match 'sent: accepted 31, duplicate 0, ignored 0, rejected 0'
            $run.Code | Should -Be 0
            (Invoke-Import).Text | Should -Match 'accepted 0, duplicate 31'
        }

        It 'sends what is as young as configured' {
            (Invoke-Import @{ Hours = 1; Url = Get-Peer 'ok' }).Text | Should -Match 'accepted 0'
            (Invoke-Import @{ Hours = 2; Url = Get-Peer 'ok' }).Text | Should -Match 'accepted 32'
        }

        It 'sends the second log although <what>' -ForEach @(
            @{ what = 'kmswatch can use nothing of the first'; words = 'all_rejected', 'ok'; spoil = {}; code = 5; says = '30 records are of no use to kmswatch: kmswatch answers 400 .*it is no log record' }
            @{ what = 'the first is gone'; words = @('ok'); spoil = { $TestLogs.Remove('Key Management Service') }; code = 1; says = 'problem 1' }
            @{ what = 'a record of the first cannot be read'; words = @('ok'); spoil = { $TestLogs['Key Management Service'].Records[7].Damaged = $true }; code = 5; says = "the log 'Key Management Service' has 1 records that cannot be read" }
            @{ what = 'much of the first cannot be read'; words = @('ok'); spoil = { foreach ($number in 5..24) { $TestLogs['Key Management Service'].Records[$number].Damaged = $true } }; code = 5; says = 'has 20 records that cannot be read' }
        ) {
            & $spoil
            $url = Get-Peer $words
            $run = Invoke-Import @{ Url = $url }
            $run.Text | Should -Match $says
            $run.Code | Should -Be $code
            @(Get-Sent $url)[-1].body | Should -Match '"channel":"Application"'
        }

        It 'ends with code <code> at <what>' -ForEach @(
            @{ what = 'a root that is not in ca.pem'; more = @{ server = 'stranger' }; code = 2; says = 'problem 2: the certificate of the server' }
            @{ what = 'a root that Windows does not know, without ca.pem'; more = @{ server = 'good'; without = $true }; code = 2; says = 'goes back to a root that Windows does not know' }
            @{ what = 'a server that is away'; more = @{ server = 'nobody' }; code = 3; says = 'problem 3: cannot connect' }
            @{ what = 'a wrong token'; more = @{ server = 'good'; word = '401' }; code = 4; says = 'problem 4: kmswatch answers 401' }
        ) {
            $CaFile = Join-Path $folder 'root.pem'
            Move-Item (Join-Path $folder 'ca.pem') $CaFile
            $arguments = @{ Url = Get-Peer $(if ($more.word) { $more.word } else { 'ok' }) $more.server }
            if (-not $more.without) { $arguments.CaFile = $CaFile }
            $run = Invoke-Import $arguments
            $run.Text | Should -Match $says
            $run.Code | Should -Be $code
            $run.Text | Should -Match 'sent: accepted 0'
        }

        It 'sends nothing with a token that all can read' {
            $global:TestAcl += 'S-1-1-0'
            $run = Invoke-Import
            $run.Code | Should -Be 2
            $run.Text | Should -Match 'problem 2: .*can be read by S-1-1-0'
        }
    }
}

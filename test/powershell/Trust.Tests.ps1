# To whom the token goes, and to whom it does not.

Describe 'trust' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
        foreach ($name in 'common', 'trust', 'https') { . (Join-Path $Scripts "$name.ps1") }
    }
    BeforeEach {
        Reset-Host
        $folder = New-HostFolder
    }

    Context 'a server' {
        It 'with <what> gets nothing' -ForEach @(
            @{ what = 'another name'; server = 'name'; code = 2; says = 'the certificate of the server is not for the name in the URL, localhost: it is for other.example' }
            @{ what = 'its name in the subject alone'; server = 'subject'; code = 2; says = 'is not for the name in the URL, localhost: it is for' }
            @{ what = 'a foreign root'; server = 'stranger'; code = 2; says = 'problem 2: the certificate of the server' }
            @{ what = 'a certificate that signed itself'; server = 'self'; code = 2; says = 'problem 2: the certificate of the server' }
            @{ what = 'a certificate for clients'; server = 'purpose'; code = 2; says = 'is not good: NotValidForUsage' }
            @{ what = 'a certificate that has expired'; server = 'expired'; code = 2; says = 'is not good: NotTimeValid' }
            @{ what = 'its intermediate certificate missing'; server = 'partial'; code = 2; says = 'is not good: PartialChain' }
            @{ what = 'an old protocol alone'; server = 'old'; code = 3; says = 'problem 3: no TLS connection, before any certificate came: ' }
            @{ what = 'no TLS'; server = 'plain'; code = 3; says = 'problem 3: no TLS connection, before any certificate came: ' }
            @{ what = 'silence'; server = 'silent'; code = 3; says = 'problem 3: no TLS connection within 1 s' }
            @{ what = 'nobody there'; server = 'nobody'; code = 3; says = 'problem 3: cannot connect to localhost:\d+: ' }
        ) {
            $url = Get-Peer 'ok' $server
            $run = Invoke-Push $folder $url @{ Timeout = if ($server -eq 'silent') { 1 } else { 60 } }
            $run.Text | Should -Match $says
            $run.Code | Should -Be $code
            Get-Sent $url | Should -HaveCount 0
            Get-WaitingLines $folder | Should -HaveCount 12
            # What does not heal by waiting is not waited for.
            $TestSleeps.Count | Should -Be $(if ($code -eq 2) { 0 } else { 2 })
        }

        It 'is good with <what>' -ForEach @(
            @{ what = 'TLS 1.3 alone'; server = 'new' }
            @{ what = 'TLS 1.2 alone'; server = 'tls12' }
            @{ what = 'an intermediate certificate that it sends'; server = 'whole' }
        ) {
            (Invoke-Push $folder (Get-Peer 'ok' $server)).Code | Should -Be 0
        }

        It 'is good by its address when its certificate has that' {
            (Invoke-Push $folder ((Get-Peer 'ok') -replace 'localhost', '127.0.0.1')).Code | Should -Be 0
            (Invoke-Push $folder ((Get-Peer 'ok' 'noaddress') -replace 'localhost', '127.0.0.1')).Code | Should -Be 2
        }

        It 'is good when the intermediate certificate is only in ca.pem beside the root' {
            $pem = [IO.File]::ReadAllText((Join-Path $folder 'ca.pem')) + [IO.File]::ReadAllText($Setting.intermediate)
            [IO.File]::WriteAllText((Join-Path $folder 'ca.pem'), $pem)
            (Invoke-Push $folder (Get-Peer 'ok' 'partial')).Code | Should -Be 0
        }

        It 'whose certificate signed itself is good when that is in ca.pem' {
            Copy-Item -LiteralPath $Setting.self -Destination (Join-Path $folder 'ca.pem')
            (Invoke-Push $folder (Get-Peer 'ok' 'self')).Code | Should -Be 0
        }

        It 'has no name in DNS' {
            (Invoke-Push $folder 'https://kmswatch.invalid:1').Text | Should -Match 'problem 3: .*(not known|No such|resolution)'
        }
    }

    Context 'the name of a server' {
        It '<wanted> is<not> among <names>' -ForEach @(
            @{ wanted = 'kms.example.com'; names = 'other.example.com', 'KMS.Example.COM'; not = '' }
            @{ wanted = 'kms.example.com.'; names = @('kms.example.com'); not = '' }
            @{ wanted = 'kms.example.com'; names = @('*.example.com'); not = '' }
            @{ wanted = 'a.kms.example.com'; names = @('*.example.com'); not = ' not' }
            @{ wanted = 'example.com'; names = @('*.example.com'); not = ' not' }
            @{ wanted = 'example.com'; names = @('*.com'); not = ' not' }
            @{ wanted = 'kms.example.com'; names = '*', 'k*.example.com', 'xkms.example.com', "kms.example.com`0.evil.example"; not = ' not' }
            @{ wanted = '10.0.0.5'; names = '10.0.0.5'; not = '' }
            @{ wanted = '2001:db8::1'; names = '2001:db8::1'; not = '' }
            @{ wanted = '10.0.0.5'; names = '*.0.0.5', '10.0.0.50'; not = ' not' }
            @{ wanted = 'kms.example.com'; names = @(); not = ' not' }
        ) {
            Test-CertificateName $names $wanted | Should -Be ($not -eq '')
        }

        It 'is read from the certificate itself, and counts where Windows speaks of the chain alone' {
            $script:roots = @(Get-Roots $Setting.ca)
            $script:target = [Uri] 'https://localhost:1'
            $other = @(Get-Roots $Setting.name)[0]
            Get-CertificateNames $other | Should -Be 'other.example', '192.0.2.7', '2001:db8::7'
            # RemoteCertificateChainErrors, and not RemoteCertificateNameMismatch.
            Get-TrustProblem $other $null 4 | Should -Match 'is not for the name in the URL, localhost: it is for other.example, 192.0.2.7, 2001:db8::7'
            Get-TrustProblem $null $null 0 | Should -Be 'the server showed no certificate'
            $script:target = [Uri] 'https://other.example'
            Get-TrustProblem $other $null 4 | Should -Be ''
            Get-TrustProblem $other $null 2 | Should -Match 'is not for the name'
        }

        It 'is none where the list is broken: <octets>' -ForEach @('30', '3081', '308500', '30058204616263', '308401000000' | ForEach-Object { @{ octets = $_ } }) {
            $raw = [Convert]::FromHexString($octets)
            $certificate = @{ Extensions = @(@{ Oid = @{ Value = '2.5.29.17' }; RawData = $raw }) }
            { Get-CertificateNames $certificate } | Should -Throw 'the names in the certificate of the server cannot be read'
        }

        It 'may be long' {
            $name = 'k' * 300
            $raw = [byte[]] (@(0x30, 0x82, 0x01, 0x30, 0x82, 0x82, 0x01, 0x2c) + [Text.Encoding]::ASCII.GetBytes($name))
            Get-CertificateNames @{ Extensions = @(@{ Oid = @{ Value = '1.2.3' } }, @{ Oid = @{ Value = '2.5.29.17' }; RawData = $raw }) } | Should -Be $name
        }
    }

    Context 'a file' {
        It 'takes the place of another at the third attempt at the latest, or not' {
            $file = Join-Path $folder 'a'
            { Move-OverFile $file (Join-Path $folder 'b') } | Should -Throw
            $TestSleeps | Should -HaveCount 2
            Write-File $file 'new'
            [IO.File]::ReadAllText($file) | Should -Be 'new'
        }

        It 'of somebody else can neither fill the output nor steer the console' {
            Get-Printable "a`e[31mb`r`n$('c' * 400)" 10 | Should -Be 'a [31mb cc...'
        }
    }

    Context 'the settings' {
        It 'are wrong with <what>: code 2, and nothing is sent' -ForEach @(
            @{ what = 'a token that is empty'; spoil = { param($folder) [IO.File]::WriteAllText("$folder/push.token", "`r`n") }; says = 'push.token has no token' }
            @{ what = 'a token with a blank'; spoil = { param($folder) [IO.File]::WriteAllText("$folder/push.token", 'a b') }; says = 'push.token has no token' }
            @{ what = 'no token'; spoil = { param($folder) Remove-Item "$folder/push.token" }; says = 'push.token' }
            @{ what = 'a token that everybody can read'; spoil = { $global:TestAcl += 'S-1-1-0' }; says = 'push.token can be read by S-1-1-0: let only' }
            @{ what = 'a token that Users can read'; spoil = { $global:TestAcl += 'S-1-5-32-545' }; says = 'push.token can be read by S-1-5-32-545: let only' }
            @{ what = 'no ca.pem'; spoil = { param($folder) Remove-Item "$folder/ca.pem" }; says = 'ca.pem' }
            @{ what = 'a ca.pem without a certificate'; spoil = { param($folder) [IO.File]::WriteAllText("$folder/ca.pem", 'MII') }; says = 'ca.pem has no certificate in PEM form' }
            @{ what = 'a ca.pem that is broken'; spoil = { param($folder) [IO.File]::WriteAllText("$folder/ca.pem", "-----BEGIN CERTIFICATE-----`nMIIB`n-----END CERTIFICATE-----") }; says = 'problem 2' }
            @{ what = 'a state that is no folder'; spoil = { param($folder) [IO.File]::WriteAllText("$folder/state", 'x') }; says = 'problem 2' }
        ) {
            & $spoil $folder
            $url = Get-Peer 'ok'
            $run = Invoke-Push $folder $url
            $run.Text | Should -Match $says
            $run.Code | Should -Be 2
            Get-Sent $url | Should -HaveCount 0
        }

        It 'are wrong with a URL that is not HTTPS' {
            $run = Invoke-Push $folder 'http://localhost:1', 'not a url'
            $run.Code | Should -Be 2
            ($run.Text -split "`n" -match 'problem 2: the URL has to begin with https://').Count | Should -Be 2
        }

        It 'have the full name of the host where none is given' {
            $run = Invoke-Script 'kmswatch-push.ps1' @{ Url = 'https://localhost:1'; Folder = $folder; Check = $true }
            $run.Text | Should -Match "this host is $([regex]::Escape([Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().HostName))"
        }
    }
}

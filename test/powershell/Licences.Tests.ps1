# collect-licences.ps1, with the double of WMI, which answers for other machines as well.

Describe 'collect-licences.ps1' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'doubles.ps1')
        . (Join-Path $PSScriptRoot 'support.ps1')
        # The lines that it prints, and what it says on standard error.
        function Invoke-Collect([hashtable] $Arguments = @{}) {
            $before = [Console]::Error
            $writer = [IO.StringWriter]::new()
            [Console]::SetError($writer)
            try { $lines = @(& (Join-Path $Scripts 'collect-licences.ps1') @Arguments) } finally { [Console]::SetError($before) }
            return @{ Lines = $lines; Rows = @($lines | ForEach-Object { ConvertFrom-Json $_ }); Error = $writer.ToString() }
        }
    }
    BeforeEach {
        Reset-Host
        $TestWmi.Rows['Win32_ComputerSystem'] = @{ DNSHostName = 'ws1'; Domain = 'corp.example' }
    }

    It 'prints a line of JSON for each product, with the time at which it was read' {
        $run = Invoke-Collect
        $run.Lines.Count | Should -Be 2
        $run.Lines | Should -Not -Match "`n"
        $run.Rows[0].Description | Should -Be 'Windows Operating System, VOLUME_KMS_WS22 channel'
        $run.Rows[0].LicenseStatus | Should -Be 1
        $run.Lines[0] | Should -Match '"Collected":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"'
        $run.Error | Should -Be ''
    }

    It 'gives the machine that it runs on its full name' {
        (Invoke-Collect).Rows.PSComputerName | Should -Be @('ws1.corp.example', 'ws1.corp.example')
    }

    It 'gives a machine of a workgroup its only name' {
        $TestWmi.Rows['Win32_ComputerSystem'].Domain = 'WORKGROUP'
        (Invoke-Collect).Rows.PSComputerName | Should -Be @('ws1', 'ws1')
    }

    It 'asks for products that have a key alone, and gives a machine 30 seconds' {
        [void] (Invoke-Collect @{ Computer = 'ws2' })
        $TestWmi.Asked.Query | Should -Match 'FROM SoftwareLicensingProduct WHERE PartialProductKey IS NOT NULL$'
        $TestWmi.Asked.Seconds | Should -Be 30
        $TestWmi.Asked.Computer | Should -Be 'ws2'
    }

    It 'asks each machine of the command line and of a file, whose empty lines are none' {
        $file = Join-Path $Setting.folder 'computers.txt'
        [IO.File]::WriteAllText($file, " ws3 `r`n`r`nws4`r`n")
        $run = Invoke-Collect @{ Computer = 'ws1', 'ws2'; From = $file }
        @($run.Rows.PSComputerName | Select-Object -Unique) | Should -Be @('ws1', 'ws2', 'ws3', 'ws4')
    }

    It 'names a machine that does not answer, and goes on with the others' {
        $TestWmi.Away = @('ws2')
        $run = Invoke-Collect @{ Computer = 'ws1', 'ws2', 'ws3' }
        @($run.Rows.PSComputerName | Select-Object -Unique) | Should -Be @('ws1', 'ws3')
        $run.Error | Should -Match '^ws2 did not answer: WinRM cannot process the request to ws2'
    }
}

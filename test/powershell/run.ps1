# Runs the tests of one file of this folder, and writes into another file, as JSON, what came of them.
# $First: the number of the first record that it may send, so that files which run at once send different ones.
param([string] $Name, [long] $First, [string] $Result)

$ErrorActionPreference = 'Stop'
$setting = Get-Content -Raw -LiteralPath $env:KMSWATCH_PESTER | ConvertFrom-Json
Import-Module $setting.pester
$configuration = New-PesterConfiguration
$configuration.Run.Path = Join-Path $PSScriptRoot "$Name.Tests.ps1"
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'None'
$global:NextNumber = $First
$configuration.CodeCoverage.Enabled = $true
$configuration.CodeCoverage.Path = Join-Path $setting.scripts '*.ps1'
$configuration.CodeCoverage.OutputPath = Join-Path $setting.folder "coverage-$Name.xml"
$run = Invoke-Pester -Configuration $configuration
$tests = foreach ($test in $run.Tests) {
    @{ name = $test.ExpandedPath; result = $test.Result; error = ($test.ErrorRecord | ForEach-Object { "$_" }) -join "`n" }
}
$containers = @($run.Containers | Where-Object { $_.ErrorRecord.Count -gt 0 } | ForEach-Object { ($_.ErrorRecord | ForEach-Object { "$_" }) -join "`n" })
$missed = @($run.CodeCoverage.CommandsMissed | ForEach-Object { @{ file = [IO.Path]::GetFileName($_.File); line = $_.Line; function = $_.Function; command = "$($_.Command)" } })
$entered = @($run.CodeCoverage.CommandsExecuted | ForEach-Object { "$($_.Function)" } | Where-Object { $_ -ne '' } | Sort-Object -Unique)
ConvertTo-Json -Depth 5 @{ tests = @($tests); broken = $containers; missed = $missed; entered = $entered } | Set-Content -LiteralPath $Result

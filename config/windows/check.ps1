#Requires -Version 5.1
<#
.SYNOPSIS
The check of kmswatch-push.ps1: tries each step, and says what is wrong with it and how long it took.

.DESCRIPTION
Only functions, which kmswatch-push.ps1 dot-sources, with its settings. No step keeps another one from being tried.
#>

# The one place that asks who runs this.
function Get-Account { return [Security.Principal.WindowsIdentity]::GetCurrent().Name }

function Test-Step([string] $What, [int] $Code, [scriptblock] $Step) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try {
        $told = & $Step
        Write-Line "ok      ${What}: $told ($($watch.Elapsed.TotalSeconds.ToString('0.0', $invariant)) s)"
    } catch { Add-Problem $Code "${What}: $(Get-Reason $_) ($($watch.Elapsed.TotalSeconds.ToString('0.0', $invariant)) s)" }
}

# An empty body is refused after the token was found good, and nothing comes of it.
function Test-Route([string] $What, [string] $Path) {
    $watch = [Diagnostics.Stopwatch]::StartNew()
    try {
        $answer = Send-Request $Path 'application/json' ''
        $told = "kmswatch answers $($answer.Status): $(Get-Told $answer)"
        $code = if ($answer.Status -ge 300 -and $answer.Status -lt 500) { 4 } else { 3 }
        if ($answer.Status -eq 400 -and $answer.Json.error -is [string]) {
            $told = "the token is taken, the route is there ($($target.IdnHost))"
            $code = 0
        }
    } catch {
        $told = Get-Reason $_
        $code = if ($script:trust) { 2 } else { 3 }
    }
    $told += " ($($watch.Elapsed.TotalSeconds.ToString('0.0', $invariant)) s)"
    if ($code -eq 0) { Write-Line "ok      ${What}: $told" } else { Add-Problem $code "${What}: $told" }
}

function Test-Host {
    Test-Step 'account' 1 { Get-Account }
    foreach ($log in $logs) {
        Test-Step "log '$($log.Name)'" 1 {
            $record = Get-FirstRecord $log.Name "*[System[$($log.Filter)]]" $true
            if ($null -eq $record) { 'can be read, and has no record of KMS yet' } else { ConvertTo-Line $record }
        }
    }
    Test-Step 'licensing service' 1 {
        $report = Get-KmsReport
        if ($report.products.Length -eq 0) { throw 'it names no KMS host key: is this a KMS host, and may the account see it?' }
        ConvertTo-AsciiJson $report
    }
    Test-Step "token $tokenFile" 2 {
        $script:token = Get-Token $tokenFile
        'only those read it that should'
    }
    Test-Step "certificates $rootsFile" 2 {
        $script:roots = @(Get-Roots $rootsFile)
        "$($script:roots.Length) to go back to"
    }
}

# Nothing is sent with a token that others can read, or to a server that cannot be judged.
function Test-Target {
    Test-Step "folder $(Join-Path $stateRoot (Get-StateName $target))" 2 {
        Set-State $stateRoot $target
        $probe = Join-Path $spool 'check'
        Write-File $probe 'check'
        [IO.File]::Delete($probe)
        "can be written; $(Get-Size $spool) bytes wait for kmswatch, $(Get-Size $refused) were refused"
    }
    if ($null -eq $token -or $roots.Length -eq 0) { return }
    Test-Route 'records to kmswatch' '/api/v1/events'
    Test-Route 'report to kmswatch' "/api/v1/reports/$([Uri]::EscapeDataString($ownName))"
}

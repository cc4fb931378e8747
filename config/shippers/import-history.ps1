<#
.SYNOPSIS
Sends the two logs of this KMS host to kmswatch, with nothing but Windows PowerShell 5.1.

.DESCRIPTION
Once, for the history that the log still has:

    powershell -NoProfile -File import-history.ps1

Or instead of a log shipper, as a task that runs every 15 minutes and sends the last two days each time:

    schtasks /Create /TN kmswatch /RU SYSTEM /SC MINUTE /MO 15 /TR "powershell -NoProfile -File C:\kmswatch\import-history.ps1 -Hours 48"

kmswatch knows a record that it has already and counts it as a duplicate, so sending twice does no harm, and a run that
failed is made good by the next one. Nothing is kept on disk: the log itself is the buffer.

Without a network between the two, export here and import there:

    wevtutil epl "Key Management Service" kms.evtx
    wevtutil epl Application application.evtx "/q:*[System[Provider[@Name='Microsoft-Windows-Security-SPP'] and (EventID=12291 or EventID=12292 or EventID=12293 or EventID=12294)]]"
    wevtutil qe kms.evtx /lf:true /f:xml > kms.xml
    wevtutil qe application.evtx /lf:true /f:xml > application.xml
    kmswatch import kms.xml application.xml          (on the machine of kmswatch)

or, as JSON, which takes longer:

    Get-WinEvent -FilterHashtable @{LogName='Key Management Service'; Id=12290} | ConvertTo-Json -Depth 4 > kms.json
    kmswatch import kms.json

https://learn.microsoft.com/powershell/module/microsoft.powershell.diagnostics/get-winevent
https://learn.microsoft.com/windows-server/administration/windows-commands/wevtutil
#>
param(
    [string] $Url = 'https://kmswatch.example.com:11688/api/v1/events',
    # A file with the token alone, which only SYSTEM and administrators can read.
    [string] $TokenFile = 'C:\ProgramData\kmswatch\ingest.token',
    # How far back; 0 is the whole log.
    [int] $Hours = 0
)

$ErrorActionPreference = 'Stop'
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
$batchSize = 500
$attempts = 5
$headers = @{ Authorization = "Bearer $((Get-Content -Raw $TokenFile).Trim())" }
$sums = @{ accepted = 0; duplicate = 0; ignored = 0; rejected = 0 }

# 12290: one record for every activation request. 12291 to 12294: the service's failures, and its record in DNS.
$filters = @(
    @{ LogName = 'Key Management Service'; Id = 12290 },
    @{ LogName = 'Application'; ProviderName = 'Microsoft-Windows-Security-SPP'; Id = 12291, 12292, 12293, 12294 }
)

function Send-Records([object[]] $Records) {
    # As octets: a text would be sent as ISO 8859-1.
    $body = [Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -InputObject $Records -Depth 4 -Compress))
    for ($attempt = 1; ; $attempt++) {
        try {
            $answer = Invoke-RestMethod -Method Post -Uri $Url -Headers $headers -ContentType 'application/json' -Body $body
            break
        } catch {
            # 503 and a broken connection pass; a wrong token or URL does not.
            $status = 0
            if ($_.Exception.Response) { $status = [int] $_.Exception.Response.StatusCode }
            if ($attempt -ge $attempts -or ($status -ge 400 -and $status -lt 500)) { throw }
            Start-Sleep -Seconds (10 * $attempt)
        }
    }
    foreach ($name in 'accepted', 'duplicate', 'ignored') { $sums[$name] += $answer.$name }
    $sums.rejected += @($answer.rejected).Count
}

foreach ($filter in $filters) {
    if ($Hours -gt 0) { $filter.StartTime = (Get-Date).AddHours(-$Hours) }
    $batch = New-Object Collections.Generic.List[object]
    try {
        Get-WinEvent -FilterHashtable $filter -Oldest | ForEach-Object {
            $batch.Add([ordered] @{
                LogName      = $_.LogName
                MachineName  = $_.MachineName
                ProviderName = $_.ProviderName
                Id           = $_.Id
                RecordId     = $_.RecordId
                TimeCreated  = $_.TimeCreated.ToUniversalTime().ToString('o')
                Properties   = @($_.Properties | ForEach-Object { @{ Value = [string] $_.Value } })
            })
            if ($batch.Count -ge $batchSize) { Send-Records $batch.ToArray(); $batch.Clear() }
        }
    } catch {
        # An empty answer is an error to Get-WinEvent.
        if ($_.FullyQualifiedErrorId -notlike 'NoMatchingEventsFound*') { throw }
    }
    if ($batch.Count -gt 0) { Send-Records $batch.ToArray() }
}

"accepted $($sums.accepted), duplicate $($sums.duplicate), ignored $($sums.ignored), rejected $($sums.rejected)"
if ($sums.rejected -gt 0) { exit 1 }

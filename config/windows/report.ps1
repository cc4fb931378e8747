#Requires -Version 5.1
<#
.SYNOPSIS
Prints what this KMS host says of itself: one JSON object, as kmswatch reads it.

.DESCRIPTION
For `report: {command: [ssh, kms01, "powershell -NoProfile -File C:/kmswatch/report.ps1"]}` in the configuration of
kmswatch. kmswatch-push.ps1 takes its function Get-KmsReport from here, so the two lie in one folder.

It only reads: SoftwareLicensingService, and of SoftwareLicensingProduct the KMS host keys that are installed, by the
names of their columns. It writes nothing on the host, and does not print any part of a product key.

Not yet tried on Windows: docs/windows.md of kmswatch has a list of what to try and send back.

https://learn.microsoft.com/previous-versions/windows/desktop/sppwmi/softwarelicensingservice
https://learn.microsoft.com/previous-versions/windows/desktop/sppwmi/softwarelicensingproduct
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'

# Seconds that Windows may take for one query.
$queryTimeout = 30

function Select-Properties($Instance, [string[]] $Names) {
    $values = [ordered] @{}
    foreach ($name in $Names) { $values[$name] = $Instance.$name }
    return $values
}

# Windows' own slmgr.vbs tells host keys from client keys by the same text. It is not translated.
function Test-HostKey($Product) {
    $description = [string] $Product.Description
    if ($description.Contains('VOLUME_KMSCLIENT')) { return $false }
    return $description.Contains('VOLUME_KMS') -or $Product.IsKeyManagementServiceMachine -eq 1
}

function Get-KmsReport {
    $ofService = @(
        'Version',
        'KeyManagementServiceListeningPort',
        'KeyManagementServiceDnsPublishing',
        'KeyManagementServiceLowPriority',
        'VLActivationInterval',
        'VLRenewalInterval'
    )
    $ofProduct = @(
        'ID',
        'ApplicationID',
        'Description',
        'LicenseStatus',
        'IsKeyManagementServiceMachine',
        'KeyManagementServiceCurrentCount',
        'RequiredClientCount',
        'KeyManagementServiceTotalRequests',
        'KeyManagementServiceFailedRequests',
        'KeyManagementServiceUnlicensedRequests',
        'KeyManagementServiceLicensedRequests',
        'KeyManagementServiceOOBGraceRequests',
        'KeyManagementServiceOOTGraceRequests',
        'KeyManagementServiceNonGenuineGraceRequests',
        'KeyManagementServiceNotificationRequests',
        'VLActivationInterval',
        'VLRenewalInterval'
    )
    $query = "SELECT $($ofService -join ', ') FROM SoftwareLicensingService"
    $service = Get-CimInstance -Query $query -OperationTimeoutSec $queryTimeout
    if ($null -eq $service) { throw 'SoftwareLicensingService has no instance' }
    # Without the condition there are some hundred rows, one for each product that could be installed.
    $query = "SELECT $($ofProduct -join ', '), PartialProductKey FROM SoftwareLicensingProduct WHERE PartialProductKey IS NOT NULL"
    $products = New-Object Collections.Generic.List[object]
    foreach ($product in @(Get-CimInstance -Query $query -OperationTimeoutSec $queryTimeout)) {
        if (Test-HostKey $product) { $products.Add((Select-Properties $product $ofProduct)) }
    }
    $system = Get-CimInstance -Query 'SELECT Caption FROM Win32_OperatingSystem' -OperationTimeoutSec $queryTimeout
    return [ordered] @{
        time     = [DateTime]::UtcNow.ToString('o', [Globalization.CultureInfo]::InvariantCulture)
        service  = Select-Properties $service $ofService
        products = $products.ToArray()
        os       = [string] $system.Caption
    }
}

# All in ASCII: then the code page of a console or of a file cannot spoil it.
function ConvertTo-AsciiJson($Value) {
    $json = ConvertTo-Json -InputObject $Value -Depth 5 -Compress
    if ($json -cnotmatch '[^\x00-\x7e]') { return $json }
    $text = New-Object Text.StringBuilder
    foreach ($character in $json.ToCharArray()) {
        $code = [int] $character
        if ($code -lt 127) { [void] $text.Append($character) }
        else { [void] $text.Append('\u').Append($code.ToString('x4', [Globalization.CultureInfo]::InvariantCulture)) }
    }
    return $text.ToString()
}

# kmswatch-push.ps1 says so before it dot-sources this file.
if ($onlyFunctions) { return }

# Not by the pipeline, which may wrap lines at the width of a console.
[Console]::Out.WriteLine((ConvertTo-AsciiJson (Get-KmsReport)))

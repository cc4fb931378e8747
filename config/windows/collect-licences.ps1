#Requires -Version 5.1
<#
.SYNOPSIS
Prints what machines say of their activation, one line of JSON a product, as kmswatch imports it.

.DESCRIPTION
Run it on any machine of the domain, as an account that may read WMI of the others over WinRM:

    .\collect-licences.ps1 -From computers.txt > licences.ndjson
    .\collect-licences.ps1 -Computer ws1, ws2 > licences.ndjson

Then `kmswatch import licences.ndjson`, or send it to POST /api/v1/machines. Without -Computer and -From it asks the machine
that it runs on, for example as a task of a group policy that writes to a share.

It only reads, and only the products that have a key. A machine that does not answer is named on standard error, and left
out: kmswatch keeps what it knew of it. Each row has the time at which it was read, as a row without one settles no lease.

Not yet tried on Windows: docs/windows.md of kmswatch has a list of what to try and send back.

https://learn.microsoft.com/previous-versions/windows/desktop/sppwmi/softwarelicensingproduct
#>
[CmdletBinding()]
param(
    [string[]] $Computer = @(),
    [string] $From = ''
)

$ErrorActionPreference = 'Stop'

# Seconds that one machine may take.
$queryTimeout = 30
$columns = @(
    'Name',
    'Description',
    'ID',
    'LicenseStatus',
    'GracePeriodRemaining',
    'ProductKeyChannel',
    'VLActivationType',
    'KeyManagementServiceMachine',
    'DiscoveredKeyManagementServiceMachineName'
)

# The full name of this machine; a workgroup has none.
function Get-OwnName {
    $system = Get-CimInstance -Query 'SELECT DNSHostName, Domain FROM Win32_ComputerSystem'
    if ($system.Domain -like '*.*') { return $system.DNSHostName + '.' + $system.Domain }
    return $system.DNSHostName
}

function Get-LicenceRows([string] $Machine) {
    $query = 'SELECT ' + ($columns -join ', ') + ' FROM SoftwareLicensingProduct WHERE PartialProductKey IS NOT NULL'
    if ($Machine -eq '') {
        $products = Get-CimInstance -Query $query -OperationTimeoutSec $queryTimeout
        $name = Get-OwnName
    } else {
        $products = Get-CimInstance -Query $query -OperationTimeoutSec $queryTimeout -ComputerName $Machine
        $name = $Machine
    }
    $time = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    foreach ($product in $products) {
        $row = [ordered] @{ PSComputerName = $name; Collected = $time }
        foreach ($column in $columns) { $row[$column] = $product.$column }
        $row
    }
}

$machines = @($Computer)
if ($From -ne '') { $machines += @(Get-Content -LiteralPath $From | ForEach-Object { $_.Trim() } | Where-Object { $_ -ne '' }) }
if ($machines.Count -eq 0) { $machines = @('') }
foreach ($machine in $machines) {
    try {
        foreach ($row in Get-LicenceRows $machine) { ConvertTo-Json -Compress $row }
    } catch {
        [Console]::Error.WriteLine("$machine did not answer: $($_.Exception.Message)")
    }
}

# Doubles for the four places at which the scripts touch Windows: the logs, WMI, rights of files, and who one is.
# An alias comes before a function, so the scripts themselves are left as they are.

# Those of .NET exist elsewhere, and cannot be made there. The scripts go by their names.
class EventLogNotFoundException : Exception { EventLogNotFoundException([string] $text) : base($text) {} }
class EventLogInvalidDataException : Exception { EventLogInvalidDataException([string] $text) : base($text) {} }

class TestRecord {
    [long] $RecordId
    [object] $TimeCreated
    [string] $MachineName
    [string] $LogName
    [string] $ProviderName = 'Microsoft-Windows-Security-SPP'
    [int] $Id
    [object[]] $Properties
    # Reading it fails; or what it holds cannot be made out.
    [bool] $Damaged
    [void] Dispose() {}
}

# Hands out as Windows does: a number at a time, and none of them when one cannot be read.
class TestReader {
    [object[]] $Records
    [int] $BatchSize
    [int] $Next = 0
    [Collections.Generic.Queue[object]] $Ready = [Collections.Generic.Queue[object]]::new()
    [object] ReadEvent() {
        if ($this.Ready.Count -eq 0) {
            $end = [Math]::Min($this.Next + $this.BatchSize, $this.Records.Count)
            for ($index = $this.Next; $index -lt $end; $index++) {
                if ($this.Records[$index].Damaged) { throw [EventLogInvalidDataException]::new('The data is invalid') }
            }
            while ($this.Next -lt $end) { $this.Ready.Enqueue($this.Records[$this.Next]); $this.Next++ }
        }
        if ($this.Ready.Count -eq 0) { return $null }
        return $this.Ready.Dequeue()
    }
    [void] Dispose() {}
}

# What each log has; Fault: opening it throws that; OnRead: runs once, when records are asked for.
function New-Log([object[]] $Records = @()) { return @{ Records = @($Records); Fault = $null; OnRead = $null } }

function Open-TestLog([string] $Name, [string] $Filter, [bool] $NewestFirst, [int] $BatchSize) {
    $log = $TestLogs[$Name]
    if ($null -eq $log) { throw [EventLogNotFoundException]::new('The specified channel could not be found') }
    if ($null -ne $log.Fault) { throw $log.Fault }
    $found = @(Select-Records $log.Records $Filter)
    if ($NewestFirst) { [Array]::Reverse($found) }
    if ($null -ne $log.OnRead -and $Filter.Contains('<=')) {
        $action = $log.OnRead
        $log.OnRead = $null
        & $action
    }
    return [TestReader] @{ Records = $found; BatchSize = $BatchSize }
}

function Select-Records([object[]] $Records, [string] $Filter) {
    $after = [long] -1
    $upTo = [long]::MaxValue
    if ($Filter -match 'EventRecordID > (\d+)') { $after = [long] $Matches[1] }
    if ($Filter -match 'EventRecordID <= (\d+)') { $upTo = [long] $Matches[1] }
    if ($Filter -match 'EventRecordID=(\d+)') {
        $upTo = [long] $Matches[1]
        $after = $upTo - 1
    }
    $provider = if ($Filter -match "@Name='([^']*)'") { $Matches[1] }
    $since = if ($Filter -match 'timediff\(@SystemTime\) <= (\d+)') { [DateTime]::UtcNow.AddMilliseconds(-[double] $Matches[1]) }
    $ids = @([regex]::Matches($Filter, 'EventID=(\d+)') | ForEach-Object { [int] $_.Groups[1].Value })
    foreach ($record in $Records) {
        if ($record.RecordId -le $after -or $record.RecordId -gt $upTo) { continue }
        # What cannot be read shows to the reader that comes to its place.
        $meets = ($ids.Count -eq 0 -or $ids -contains $record.Id) -and ($null -eq $provider -or $provider -eq $record.ProviderName) -and ($null -eq $since -or $record.TimeCreated -ge $since)
        if ($record.Damaged -or $meets) { $record }
    }
}

# Requests, oldest first, a minute apart, the newest an hour ago unless told otherwise.
function New-Requests([long] $From, [long] $To, [string] $MachineName = 'kms01.corp.example', [DateTime] $Newest = [DateTime]::UtcNow.AddHours(-1)) {
    for ($number = $From; $number -le $To; $number++) {
        $client = "ws-$($number.ToString('D4')).corp.example"
        $data = @('0x0', '25', $client, [guid]::new([int] $number, 1, 2, [byte[]] (1..8)).ToString(), '2026/11/24 2:58', '0', '1', '250000', '73111121-5638-40f6-bc11-f1d7b0d64300')
        [TestRecord] @{
            RecordId    = $number
            TimeCreated = $Newest.AddMinutes($number - $To)
            MachineName = $MachineName
            LogName     = 'Key Management Service'
            Id          = 12290
            Properties  = @($data -join ',') + $data | ForEach-Object { @{ Value = $_ } }
        }
    }
}

# The Application log has records of others between those of KMS.
function New-Application([long] $From, [long] $To, [int[]] $Ids = @()) {
    for ($number = $From; $number -le $To; $number++) {
        $isKms = $number - $From -lt $Ids.Count
        [TestRecord] @{
            RecordId     = $number
            TimeCreated  = [DateTime]::UtcNow.AddHours(-1).AddSeconds($number - $To)
            MachineName  = 'kms01.corp.example'
            LogName      = 'Application'
            ProviderName = if ($isKms) { 'Microsoft-Windows-Security-SPP' } else { 'Another' }
            Id           = if ($isKms) { $Ids[$number - $From] } else { 1000 }
            Properties   = @('0x80072338', 'corp.example' | ForEach-Object { @{ Value = $_ } })
        }
    }
}

function Get-CimInstance([string] $Query, [int] $OperationTimeoutSec, [string] $ComputerName) {
    if ($null -ne $TestWmi.Fault) { throw $TestWmi.Fault }
    if ($TestWmi.Away -contains $ComputerName) { throw "WinRM cannot process the request to $ComputerName" }
    $TestWmi.Queries += 1
    $TestWmi.Asked = @{ Query = $Query; Seconds = $OperationTimeoutSec; Computer = $ComputerName }
    $class = [regex]::Match($Query, 'FROM (\w+)').Groups[1].Value
    return $TestWmi.Rows[$class]
}

function Get-Acl([string] $LiteralPath) {
    $acl = [pscustomobject] @{}
    $acl | Add-Member -MemberType ScriptMethod -Name GetAccessRules -Value {
        foreach ($sid in $TestAcl) {
            [pscustomobject] @{
                AccessControlType = 'Allow'
                FileSystemRights  = [Security.AccessControl.FileSystemRights]::ReadData
                IdentityReference = [pscustomobject] @{ Value = $sid }
            }
        }
    }
    $acl | Add-Member -MemberType ScriptMethod -Name GetOwner -Value { return [pscustomobject] @{ Value = $TestOwner } }
    return $acl
}

function Get-TestAccount {
    if ($null -ne $TestAccount.Fault) { throw $TestAccount.Fault }
    return $TestAccount.Name
}

# Nobody waits here for a server that asked to.
# What happens meanwhile: $TestOnSleep, if there is one.
function Start-Sleep([double] $Seconds, [int] $Milliseconds) {
    $TestSleeps.Add($Seconds + $Milliseconds / 1000)
    if ($null -ne $TestOnSleep) { & $TestOnSleep }
}

# A host as it should be; a test changes what it is about.
function Reset-Host {
    $global:TestOnSleep = $null
    $global:TestLogs = @{
        'Key Management Service' = New-Log (New-Requests 1 10)
        'Application'            = New-Log (New-Application 500 540 12293, 12293)
    }
    $product = @{ ID = '8ec16e03-7c6b-4a4f-8d3b-1d1f5a1c0a22'; ApplicationID = '55c92734-d682-4d71-983e-d6ec3f16059f'; Description = 'Windows Operating System, VOLUME_KMS_WS22 channel'; LicenseStatus = 1; IsKeyManagementServiceMachine = 1; KeyManagementServiceCurrentCount = 50; RequiredClientCount = 25; PartialProductKey = 'ABCDE' }
    $client = @{ ID = '1ec16e03-7c6b-4a4f-8d3b-1d1f5a1c0a22'; Description = 'Windows Operating System, VOLUME_KMSCLIENT channel'; PartialProductKey = 'FGHIJ' }
    $global:TestWmi = @{
        Fault   = $null
        Away    = @()
        Queries = 0
        Rows    = @{
            SoftwareLicensingService = @{ Version = '10.0.20348.1'; KeyManagementServiceListeningPort = 0; KeyManagementServiceDnsPublishing = $true; VLActivationInterval = 120; VLRenewalInterval = 10080 }
            SoftwareLicensingProduct = @($product, $client)
            Win32_OperatingSystem    = @{ Caption = "Windows Server 2022 Datacenter f$([char] 0xfc)r" }
        }
    }
    $global:TestOwner = 'S-1-5-32-544'
    $global:TestAcl = @('S-1-5-18', 'S-1-5-32-544', 'S-1-5-19')
    $global:TestAccount = @{ Fault = $null; Name = 'NT AUTHORITY\LOCAL SERVICE' }
    $global:TestSleeps = [Collections.Generic.List[double]]::new()
}

foreach ($name in 'Open-TestLog', 'Select-Records', 'New-Log', 'Get-CimInstance', 'Get-Acl', 'Get-TestAccount', 'Start-Sleep') {
    Set-Item -Path "function:global:$name" -Value (Get-Item -Path "function:$name").ScriptBlock
}
Set-Alias -Name Open-Log -Value Open-TestLog -Scope Global
Set-Alias -Name Get-Account -Value Get-TestAccount -Scope Global

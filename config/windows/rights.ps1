#Requires -Version 5.1
<#
.SYNOPSIS
The rights that the push of a KMS host needs: of its folders, and to read the event logs.

.DESCRIPTION
Only functions and constants, which install.ps1 dot-sources, with its settings.
#>

$systemSid = 'S-1-5-18'
$serviceSid = 'S-1-5-19'
$administratorsSid = 'S-1-5-32-544'
$readersSid = 'S-1-5-32-573'

# In the language of security descriptors: owned by administrators, nothing inherited; SYSTEM and administrators may do
# everything. Besides them Users read the program, and LOCAL SERVICE reads the folder and changes the state.
$programRights = 'O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)'
$folderRights = 'O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;LS)'
$stateRights = 'O:BAG:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1301bf;;;LS)'

# Says that it was this installation that changed the group.
$readerMark = Join-Path $Folder 'event-log-reader'

function Test-Administrator {
    $principal = New-Object Security.Principal.WindowsPrincipal -ArgumentList ([Security.Principal.WindowsIdentity]::GetCurrent())
    return $principal.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

# Anyone may create a folder in ProgramData, and its owner could take back the rights that others lose.
function Test-Owner([string] $Path) {
    if (-not [IO.Directory]::Exists($Path)) { return }
    $owner = (Get-Acl -LiteralPath $Path).GetOwner([Security.Principal.SecurityIdentifier]).Value
    # The last one is TrustedInstaller.
    $trusted = $systemSid, $administratorsSid, 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
    if ($trusted -notcontains $owner) { throw "$Path is there already and belongs to ${owner}: look what is in it, delete it, and begin again" }
}

# Made with its rights, so that there is no moment in which others may write to it.
function Set-Rights([string] $Path, [string] $Rights) {
    $security = New-Object Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm($Rights)
    if ([IO.Directory]::Exists($Path)) { Set-Acl -LiteralPath $Path -AclObject $security }
    else { [void] [IO.Directory]::CreateDirectory($Path, $security) }
}

# Groups of a domain controller are those of the domain, which the commands for local groups do not reach.
function Test-DomainController {
    return (Get-CimInstance -Query 'SELECT DomainRole FROM Win32_ComputerSystem').DomainRole -ge 4
}

# Names are translated, ids are not.
function Get-AccountName([string] $Sid) {
    $name = (New-Object Security.Principal.SecurityIdentifier -ArgumentList $Sid).Translate([Security.Principal.NTAccount]).Value
    return $name.Substring($name.IndexOf('\') + 1)
}

# The output of net.exe, with its code.
function Invoke-Net([string[]] $Words) {
    # Windows PowerShell would take what goes to standard error for its own failure, and end the script.
    $ErrorActionPreference = 'Continue'
    $told = & net.exe $Words 2>&1
    return @{ Code = $LASTEXITCODE; Told = "$told" }
}

function Add-Reader {
    if (Test-DomainController) {
        $done = Invoke-Net 'localgroup', (Get-AccountName $readersSid), (Get-AccountName $serviceSid), '/add'
        # System error 1378: it is a member already. The number is the same in every language.
        if ($done.Code -ne 0 -and $done.Told -notmatch '\b1378\b') { throw "LOCAL SERVICE does not get into the group: $(Get-Printable $done.Told)" }
        return
    }
    try { Add-LocalGroupMember -SID $readersSid -Member $serviceSid } catch {
        if ($_.FullyQualifiedErrorId -notlike 'MemberExists*') { throw }
        return
    }
    Write-File $readerMark 'install.ps1 of kmswatch made LOCAL SERVICE a member of the group S-1-5-32-573.'
}

# On a domain controller the others may need it still.
function Remove-Reader {
    if (-not [IO.File]::Exists($readerMark)) { return }
    Remove-LocalGroupMember -SID $readersSid -Member $serviceSid
    [IO.File]::Delete($readerMark)
}

# Only what was put there; somebody else's files stay, with their folder.
function Remove-Folder([string] $Path, [string[]] $Files, [string[]] $Folders) {
    if (-not [IO.Directory]::Exists($Path)) { return }
    foreach ($file in $Files) { [IO.File]::Delete($file) }
    foreach ($folder in $Folders) { if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) } }
    if ([IO.Directory]::GetFileSystemEntries($Path).Length -gt 0) { Write-Line "$Path stays: it has files of others" }
    else { [IO.Directory]::Delete($Path) }
}

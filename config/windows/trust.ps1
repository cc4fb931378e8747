#Requires -Version 5.1
<#
.SYNOPSIS
Whom the scripts of kmswatch trust: their own token's file, the certificates in ca.pem, and a server with the right name.

.DESCRIPTION
Only functions, which the other scripts dot-source, with $target and $roots of them.
#>

# Everyone, anonymous, interactive and authenticated users, Users, Guests: by their ids, as their names are translated.
function Get-Token([string] $Path) {
    $everybody = @('S-1-1-0', 'S-1-5-7', 'S-1-5-4', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-32-546')
    $read = [Security.AccessControl.FileSystemRights]::ReadData
    foreach ($rule in (Get-Acl -LiteralPath $Path).GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])) {
        $allows = $rule.AccessControlType -eq 'Allow' -and ($rule.FileSystemRights -band $read) -eq $read
        if ($allows -and $everybody -contains $rule.IdentityReference.Value) {
            throw "$Path can be read by $($rule.IdentityReference.Value): let only the account of the task, administrators and SYSTEM read it"
        }
    }
    $token = [IO.File]::ReadAllText($Path).Trim()
    if ($token -cnotmatch '^[\x21-\x7e]+$') { throw "$Path has no token: one line without blanks is expected" }
    return $token
}

function Get-Roots([string] $Path) {
    $pattern = '-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----'
    $found = [regex]::Matches([IO.File]::ReadAllText($Path), $pattern)
    if ($found.Count -eq 0) { throw "$Path has no certificate in PEM form" }
    foreach ($match in $found) {
        $octets = [Convert]::FromBase64String($match.Groups[1].Value)
        New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList (, $octets)
    }
}

# One element of DER: its tag, and where its content begins and ends.
function Read-Element([byte[]] $Octets, [int] $At, [int] $End) {
    $broken = 'the names in the certificate of the server cannot be read'
    if ($At + 2 -gt $End) { throw $broken }
    $length = [int] $Octets[$At + 1]
    $start = $At + 2
    if ($length -ge 0x80) {
        $more = $length - 0x80
        if ($more -lt 1 -or $more -gt 3 -or $start + $more -gt $End) { throw $broken }
        $length = 0
        for ($index = 0; $index -lt $more; $index++) { $length = $length * 256 + $Octets[$start + $index] }
        $start += $more
    }
    if ($start + $length -gt $End) { throw $broken }
    return @{ Tag = [int] $Octets[$At]; Start = $start; End = $start + $length }
}

# The names of DNS and the addresses in the certificate's subjectAltName (RFC 5280 4.2.1.6). The .NET Framework has
# nothing that reads them but for people, in the language of Windows.
function Get-CertificateNames($Certificate) {
    foreach ($extension in $Certificate.Extensions) {
        if ($extension.Oid.Value -ne '2.5.29.17') { continue }
        $octets = $extension.RawData
        $list = Read-Element $octets 0 $octets.Length
        for ($at = $list.Start; $at -lt $list.End; $at = $name.End) {
            $name = Read-Element $octets $at $list.End
            $size = $name.End - $name.Start
            if ($name.Tag -eq 0x82) { [Text.Encoding]::ASCII.GetString($octets, $name.Start, $size) }
            if ($name.Tag -eq 0x87 -and ($size -eq 4 -or $size -eq 16)) {
                $address = New-Object byte[] $size
                [Array]::Copy($octets, $name.Start, $address, 0, $size)
                (New-Object Net.IPAddress -ArgumentList (, $address)).ToString()
            }
        }
    }
}

function Test-SameText([string] $One, [string] $Other) { return [string]::Equals($One, $Other, [StringComparison]::OrdinalIgnoreCase) }

# A star matches the first label alone (RFC 6125 6.4.3). The common name counts for nothing, as in browsers.
function Test-CertificateName([string[]] $Names, [string] $Wanted) {
    $address = $null
    $isAddress = [Net.IPAddress]::TryParse($Wanted, [ref] $address)
    $whole = if ($isAddress) { $address.ToString() } else { $Wanted.TrimEnd('.') }
    $dot = $whole.IndexOf('.')
    foreach ($name in $Names) {
        if (Test-SameText $name $whole) { return $true }
        if ($isAddress -or $dot -lt 1 -or -not $name.StartsWith('*.', [StringComparison]::Ordinal)) { continue }
        if ($name.IndexOf('.', 2) -gt 0 -and (Test-SameText $name.Substring(1) $whole.Substring($dot))) { return $true }
    }
    return $false
}

# What is wrong with the certificate of the server; empty when nothing is. The .NET Framework cannot be made to trust
# certain roots alone, so the chain is built with them at hand, and then each of its statuses is looked at. Without any,
# those of Windows count.
function Get-TrustProblem($Certificate, $Sent, [int] $PolicyErrors) {
    if ($null -eq $Certificate) { return 'the server showed no certificate' }
    $shown = New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $Certificate
    # Both have to agree: what Windows says of the name may depend on what it thinks of the chain.
    $names = @(Get-CertificateNames $shown)
    # SslPolicyErrors.RemoteCertificateNameMismatch
    if (($PolicyErrors -band 2) -ne 0 -or -not (Test-CertificateName $names $target.IdnHost)) {
        return "the certificate of the server is not for the name in the URL, $($target.IdnHost): it is for $(Get-Printable ($names -join ', '))"
    }
    $chain = New-Object Security.Cryptography.X509Certificates.X509Chain
    $policy = $chain.ChainPolicy
    $policy.RevocationMode = [Security.Cryptography.X509Certificates.X509RevocationMode]::NoCheck
    # Windows would look for a root that it does not know on the internet.
    $policy.UrlRetrievalTimeout = [TimeSpan]::FromSeconds(3)
    # Only certificates for servers.
    [void] $policy.ApplicationPolicy.Add((New-Object Security.Cryptography.Oid -ArgumentList '1.3.6.1.5.5.7.3.1'))
    foreach ($root in $script:roots) { [void] $policy.ExtraStore.Add($root) }
    if ($null -ne $Sent) {
        foreach ($intermediate in $Sent.ChainPolicy.ExtraStore) { [void] $policy.ExtraStore.Add($intermediate) }
    }
    [void] $chain.Build($shown)
    # A root that Windows itself does not know is what is expected. Everything else is not: a chain that is not whole,
    # a signature, a date, a purpose.
    $unknownRoot = [Security.Cryptography.X509Certificates.X509ChainStatusFlags]::UntrustedRoot
    $last = $chain.ChainElements[$chain.ChainElements.Count - 1].Certificate
    foreach ($status in $chain.ChainStatus) {
        if ($status.Status -ne $unknownRoot) { return "the certificate of the server is not good: $($status.Status)" }
        if ($script:roots.Count -eq 0) { return "the certificate of the server goes back to a root that Windows does not know: $($last.Subject)" }
    }
    if ($script:roots.Count -eq 0) { return '' }
    foreach ($root in $script:roots) {
        if ([Convert]::ToBase64String($root.RawData) -ceq [Convert]::ToBase64String($last.RawData)) { return '' }
    }
    return "the certificate of the server goes back to a root that is not in ca.pem: $($last.Subject)"
}

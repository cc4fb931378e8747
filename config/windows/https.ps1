#Requires -Version 5.1
<#
.SYNOPSIS
How kmswatch-push.ps1 reaches kmswatch: HTTPS with a token, to a server whose certificate goes back to ca.pem.

.DESCRIPTION
Only functions, which kmswatch-push.ps1 dot-sources, with $Folder, $target, $token, $roots, $utf8 and $invariant of it.
#>

# Milliseconds for a connection, and for each reading and writing.
$connectTimeout = 10000
$streamTimeout = 60000
# Octets of an answer.
$maxAnswer = 262144

# Everyone, anonymous, interactive and authenticated users, Users, Guests: by their ids, as their names are translated.
function Get-Token {
    $path = Join-Path $Folder 'push.token'
    $everybody = @('S-1-1-0', 'S-1-5-7', 'S-1-5-4', 'S-1-5-11', 'S-1-5-32-545', 'S-1-5-32-546')
    $read = [Security.AccessControl.FileSystemRights]::ReadData
    foreach ($rule in (Get-Acl -LiteralPath $path).GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])) {
        $allows = $rule.AccessControlType -eq 'Allow' -and ($rule.FileSystemRights -band $read) -eq $read
        if ($allows -and $everybody -contains $rule.IdentityReference.Value) {
            throw "$path can be read by $($rule.IdentityReference.Value): let only the account of the task, administrators and SYSTEM read it"
        }
    }
    $token = [IO.File]::ReadAllText($path).Trim()
    if ($token -cnotmatch '^[\x21-\x7e]+$') { throw "$path has no token: one line without blanks is expected" }
    return $token
}

function Get-Roots {
    $path = Join-Path $Folder 'ca.pem'
    $pattern = '-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----'
    $found = [regex]::Matches([IO.File]::ReadAllText($path), $pattern)
    if ($found.Count -eq 0) { throw "$path has no certificate in PEM form" }
    foreach ($match in $found) {
        $octets = [Convert]::FromBase64String($match.Groups[1].Value)
        New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList (, $octets)
    }
}

# What is wrong with the certificate of the server; empty when nothing is. The .NET Framework cannot be told to trust
# certain roots alone, so the chain is built with them at hand, and then each of its statuses is looked at.
function Get-TrustProblem($Certificate, $Sent, [int] $PolicyErrors) {
    if ($null -eq $Certificate) { return 'the server showed no certificate' }
    # SslPolicyErrors.RemoteCertificateNameMismatch
    if (($PolicyErrors -band 2) -ne 0) { return "the certificate of the server is not for the name in the URL: $($Certificate.Subject)" }
    $chain = New-Object Security.Cryptography.X509Certificates.X509Chain
    $policy = $chain.ChainPolicy
    $policy.RevocationMode = [Security.Cryptography.X509Certificates.X509RevocationMode]::NoCheck
    # Only certificates for servers.
    [void] $policy.ApplicationPolicy.Add((New-Object Security.Cryptography.Oid -ArgumentList '1.3.6.1.5.5.7.3.1'))
    foreach ($root in $script:roots) { [void] $policy.ExtraStore.Add($root) }
    if ($null -ne $Sent) {
        foreach ($intermediate in $Sent.ChainPolicy.ExtraStore) { [void] $policy.ExtraStore.Add($intermediate) }
    }
    [void] $chain.Build((New-Object Security.Cryptography.X509Certificates.X509Certificate2 -ArgumentList $Certificate))
    # A root that Windows itself does not know is what is expected. Everything else is not: a chain that is not whole,
    # a signature, a date, a purpose.
    $unknownRoot = [Security.Cryptography.X509Certificates.X509ChainStatusFlags]::UntrustedRoot
    foreach ($status in $chain.ChainStatus) {
        if ($status.Status -ne $unknownRoot) { return "the certificate of the server is not good: $($status.Status)" }
    }
    $last = $chain.ChainElements[$chain.ChainElements.Count - 1].Certificate
    foreach ($root in $script:roots) {
        if ([Convert]::ToBase64String($root.RawData) -ceq [Convert]::ToBase64String($last.RawData)) { return '' }
    }
    return "the certificate of the server goes back to a root that is not in ca.pem: $($last.Subject)"
}

function Connect-Target {
    $problem = 'its name has no address'
    foreach ($address in [Net.Dns]::GetHostAddresses($target.DnsSafeHost)) {
        $client = New-Object Net.Sockets.TcpClient -ArgumentList $address.AddressFamily
        try {
            if ($client.ConnectAsync($address, $target.Port).Wait($connectTimeout)) { return $client }
            $problem = "no answer from $address within $connectTimeout ms"
        } catch { $problem = Get-Reason $_ }
        $client.Close()
    }
    throw "cannot connect to $($target.DnsSafeHost):$($target.Port): $problem"
}

# One request over one connection. The callback of an SslStream that authenticates synchronously runs on this thread,
# where PowerShell can run it; those of HttpWebRequest may come on threads where it cannot. Nothing is sent before the
# certificate was found good, and whatever goes wrong on the way means that it was not.
function Send-Request([string] $Path, [string] $Type, [string] $Body) {
    $client = Connect-Target
    try {
        $client.ReceiveTimeout = $streamTimeout
        $client.SendTimeout = $streamTimeout
        $script:trust = 'the certificate of the server was not looked at'
        $callback = [Net.Security.RemoteCertificateValidationCallback] {
            param($stream, $certificate, $sent, $policyErrors)
            $script:trust = Get-TrustProblem $certificate $sent ([int] $policyErrors)
            return $script:trust -eq ''
        }
        $plain = $client.GetStream()
        $stream = New-Object Net.Security.SslStream -ArgumentList $plain, $false, $callback
        try {
            $stream.AuthenticateAsClient($target.DnsSafeHost, $null, [Security.Authentication.SslProtocols]::Tls12, $false)
        } catch {
            if ($script:trust -ne '') { throw $script:trust }
            throw
        }
        if ($script:trust -ne '') { throw $script:trust }
        $octets = $utf8.GetBytes($Body)
        $head = @(
            "POST $($target.AbsolutePath.TrimEnd('/'))$Path HTTP/1.1",
            "Host: $($target.Authority)",
            "Authorization: Bearer $token",
            "Content-Type: $Type",
            "Content-Length: $($octets.Length.ToString($invariant))",
            'User-Agent: kmswatch-push',
            'Connection: close'
        ) -join "`r`n"
        $start = $utf8.GetBytes($head + "`r`n`r`n")
        $stream.Write($start, 0, $start.Length)
        $stream.Write($octets, 0, $octets.Length)
        $stream.Flush()
        return Read-Answer $stream
    } finally { $client.Close() }
}

function Read-Answer($Stream) {
    $answer = New-Object IO.MemoryStream
    $buffer = New-Object byte[] 16384
    while ($answer.Length -lt $maxAnswer) {
        try { $count = $Stream.Read($buffer, 0, $buffer.Length) } catch {
            # Whoever keeps the connection open after an answer has answered all the same.
            if ($answer.Length -eq 0) { throw }
            break
        }
        if ($count -le 0) { break }
        $answer.Write($buffer, 0, $count)
    }
    $text = $utf8.GetString($answer.ToArray())
    $status = [regex]::Match($text, '^HTTP/1\.[01] ([0-9]{3})')
    if (-not $status.Success) { throw 'the answer is not HTTP' }
    $wait = [regex]::Match($text, '(?im)^retry-after: *([0-9]{1,5})')
    $reason = [regex]::Match($text, '"(?:reason|error)":"((?:[^"\\]|\\.){0,400})')
    return @{
        Status = [int] $status.Groups[1].Value
        Wait   = if ($wait.Success) { [int] $wait.Groups[1].Value } else { 5 }
        Text   = $text
        Reason = $reason.Groups[1].Value
    }
}

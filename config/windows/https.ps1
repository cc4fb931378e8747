#Requires -Version 5.1
<#
.SYNOPSIS
How the scripts of kmswatch reach it: one request over one connection, HTTPS with a token.

.DESCRIPTION
Only functions, which the other scripts dot-source, with $target, $token, $timeout (seconds) and $roots of them.
answer.ps1 reads what comes back.
#>

# Milliseconds for a connection.
$connectTimeout = 10000

function Get-Target([string] $Url) {
    $found = $null
    if (-not [Uri]::TryCreate($Url, [UriKind]::Absolute, [ref] $found) -or $found.Scheme -ne 'https') {
        throw "the URL has to begin with https://, so that nobody can read the token: $(Get-Printable $Url)"
    }
    return $found
}

function Connect-Target {
    $problem = 'its name has no address'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    foreach ($address in [Net.Dns]::GetHostAddresses($target.IdnHost)) {
        if ($watch.Elapsed.TotalSeconds -gt $timeout) { break }
        $client = New-Object Net.Sockets.TcpClient -ArgumentList $address.AddressFamily
        try {
            if ($client.ConnectAsync($address, $target.Port).Wait($connectTimeout)) { return $client }
            $problem = "no answer from $address within $connectTimeout ms"
        } catch { $problem = Get-Reason $_ }
        $client.Close()
    }
    throw "cannot connect to $($target.IdnHost):$($target.Port): $problem"
}

# TLS 1.2, and 1.3 where it can be had: the .NET Framework 4.8 has its name, Windows Server 2022 and later the protocol.
function Get-Protocols {
    $protocols = [Security.Authentication.SslProtocols]::Tls12
    $system = [Environment]::OSVersion
    $known = [Enum]::IsDefined([Security.Authentication.SslProtocols], 'Tls13')
    if (-not $known -or ($system.Platform -eq 'Win32NT' -and $system.Version.Build -lt 20348)) { return $protocols }
    return $protocols -bor ([Security.Authentication.SslProtocols] 'Tls13')
}

# The callback of an SslStream that authenticates synchronously runs on this thread, where PowerShell can run it; those
# of HttpWebRequest may come on threads where it cannot.
function Connect-Tls($Client) {
    $callback = [Net.Security.RemoteCertificateValidationCallback] {
        param($stream, $certificate, $sent, $policyErrors)
        try { $script:trust = Get-TrustProblem $certificate $sent ([int] $policyErrors) } catch { $script:trust = Get-Reason $_ }
        return $script:trust -eq ''
    }
    $plain = $Client.GetStream()
    $stream = New-Object Net.Security.SslStream -ArgumentList $plain, $false, $callback
    try {
        $stream.AuthenticateAsClient($target.IdnHost, $null, (Get-Protocols), $false)
    } catch {
        if ($null -eq $script:trust) { throw "no TLS connection, before any certificate came: $(Get-Reason $_)" }
        if ($script:trust -ne '') { throw $script:trust }
        throw
    }
    if ($script:trust -ne '') { throw "the certificate of the server was not looked at: $script:trust" }
    return $stream
}

# Nothing is sent before the certificate was found good, and whatever goes wrong on the way means that it was not.
# $script:trust is null before a certificate came, empty once it was found good, else what is wrong with it.
function Send-Request([string] $Path, [string] $Type, [string] $Body) {
    $script:trust = $null
    $client = Connect-Target
    # Closes the connection when the time is up, whatever it waits for; a text of PowerShell could not run there.
    $alarm = New-Object Threading.CancellationTokenSource
    try {
        [void] $alarm.Token.Register([Delegate]::CreateDelegate([Action], $client, 'Close'))
        $alarm.CancelAfter([TimeSpan]::FromSeconds($timeout))
        $stream = Connect-Tls $client
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
    } catch {
        if (-not $alarm.IsCancellationRequested -or $script:trust) { throw }
        if ($null -eq $script:trust) { throw "no TLS connection within $timeout s" }
        throw "no whole answer within $timeout s"
    } finally {
        $alarm.Dispose()
        $client.Close()
    }
}

# Every type, member and number of arguments that the scripts use exists in .NET Framework 4.6.2, the least that Windows
# PowerShell 5.1 runs on. Its assemblies are read, not run.

BeforeDiscovery {
    $setting = Get-Content -Raw -LiteralPath $env:KMSWATCH_PESTER | ConvertFrom-Json
    $scripts = @(Get-ChildItem -Path $setting.scripts -Filter '*.ps1' | ForEach-Object { @{ name = $_.Name; path = $_.FullName } })
}

Describe 'the .NET Framework 4.6.2' {
    BeforeAll {
        $setting = Get-Content -Raw -LiteralPath $env:KMSWATCH_PESTER | ConvertFrom-Json
        Add-Type -LiteralPath $setting.metadata
        $folder = Split-Path $setting.net462
        $files = [string[]] @(Get-ChildItem -Path $folder -Filter '*.dll' | ForEach-Object FullName)
        $context = [Reflection.MetadataLoadContext]::new([Reflection.PathAssemblyResolver]::new($files), 'mscorlib')
        $types = @{}
        $declared = [Reflection.BindingFlags] 'Public, Instance, Static, DeclaredOnly'
        # By the name of a member, the numbers of arguments that some type takes; -1 for what is no method.
        $members = @{}
        foreach ($name in 'mscorlib', 'System', 'System.Core', 'System.Xml') {
            foreach ($type in $context.LoadFromAssemblyPath((Join-Path $folder "$name.dll")).GetExportedTypes()) {
                $types[$type.FullName] = $type
                foreach ($member in $type.GetMembers($declared)) {
                    if ($null -eq $members[$member.Name]) { $members[$member.Name] = [Collections.Generic.HashSet[int]]::new() }
                    [void] $members[$member.Name].Add($(if ($member -is [Reflection.MethodBase]) { $member.GetParameters().Count } else { -1 }))
                }
            }
        }
        # Names that PowerShell itself has, in place of those of .NET; what it adds has no assembly there.
        $short = @{ string = 'String'; int = 'Int32'; long = 'Int64'; double = 'Double'; bool = 'Boolean'; byte = 'Byte'; regex = 'Text.RegularExpressions.Regex'; hashtable = 'Collections.Hashtable' }
        $own = 'void', 'ref', 'switch', 'ordered', 'scriptblock', 'NullString', 'powershell', 'CmdletBinding', 'Parameter', 'object'
        # Of objects of PowerShell, of WMI, and of the event log in System.Core, which has them all.
        $ofPowerShell = 'AddCommand', 'AddParameter', 'BeginInvoke', 'EndInvoke', 'Exception', 'Create'

        function Find-Type([string] $Name) {
            $bare = $Name -replace '\[\]$', ''
            if ($bare -match '^(.+?)\[') { $bare = "$($Matches[1])``1" }
            if ($short.ContainsKey($bare)) { $bare = $short[$bare] }
            foreach ($full in $bare, "System.$bare") { if ($types.ContainsKey($full)) { return $types[$full] } }
        }
        # With optional ones left out.
        function Test-Takes($Methods, [int] $Count) {
            foreach ($method in $Methods) {
                $parameters = $method.GetParameters()
                if ($parameters.Count -eq $Count) { return $true }
                if ($Count -lt $parameters.Count -and $parameters[$Count].IsOptional) { return $true }
            }
            return $false
        }
        function Get-Faults([string] $Path) {
            $problems = $null
            $tree = [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $problems)
            foreach ($problem in $problems) { "syntax: $problem" }
            foreach ($node in $tree.FindAll({ $true }, $true)) {
                $line = $node.Extent.StartLineNumber
                if ($node -is [Management.Automation.Language.TypeExpressionAst] -or $node -is [Management.Automation.Language.TypeConstraintAst]) {
                    $name = $node.TypeName.FullName
                    if ($own -notcontains $name -and $null -eq (Find-Type $name)) { "${line}: no type $name" }
                } elseif ($node -is [Management.Automation.Language.CommandAst] -and $node.GetCommandName() -eq 'New-Object') {
                    $name = $node.CommandElements[1].Extent.Text
                    $type = Find-Type $name
                    $list = $node.CommandElements[3]
                    $count = if ($null -eq $list) { 0 } elseif ($list -is [Management.Automation.Language.ArrayLiteralAst]) { $list.Elements.Count } else { 1 }
                    if ($name -eq 'byte[]') { continue }
                    if ($null -eq $type) { "${line}: no type $name" } elseif (-not (Test-Takes $type.GetConstructors() $count)) { "${line}: no constructor of $name with $count" }
                } elseif ($node -is [Management.Automation.Language.MemberExpressionAst] -and $node.Member -is [Management.Automation.Language.StringConstantExpressionAst]) {
                    $member = $node.Member.Value
                    $count = if ($node -is [Management.Automation.Language.InvokeMemberExpressionAst]) { @($node.Arguments | Where-Object { $_ }).Count } else { -1 }
                    if ($node.Static) {
                        if ($own -contains $node.Expression.TypeName.FullName) { continue }
                        $type = Find-Type $node.Expression.TypeName.FullName
                        $found = @($type.GetMember($member))
                        if ($found.Count -eq 0 -or ($count -ge 0 -and -not (Test-Takes $found $count))) { "${line}: no $($type.FullName)::$member with $count" }
                    } elseif ($count -ge 0 -and $ofPowerShell -notcontains $member) {
                        if ($null -eq $members[$member] -or -not $members[$member].Contains($count)) { "${line}: no method $member with $count" }
                    }
                }
            }
        }
    }
    AfterAll { $context.Dispose() }

    It 'has all that <name> uses' -ForEach $scripts {
        Get-Faults $path | Should -BeNullOrEmpty
    }

    It 'would be missed: <text>' -ForEach @(
        @{ text = '[Security.Cryptography.SHA256]::HashData($octets)' }
        @{ text = '[Convert]::ToHexString($octets)' }
        @{ text = 'New-Object Net.Http.SocketsHttpHandler' }
        @{ text = 'New-Object IO.FileStream -ArgumentList $path' }
        @{ text = '$stream.ReadExactly($buffer, 0, 1)' }
        @{ text = '[IO.File]::Move($from, $to, $true)' }
    ) {
        $file = Join-Path $setting.folder 'framework.ps1'
        [IO.File]::WriteAllText($file, $text)
        Get-Faults $file | Should -Not -BeNullOrEmpty
    }
}

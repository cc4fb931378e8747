#Requires -Version 5.1
<#
.SYNOPSIS
How an installer tells what it does, or with -WhatIf what it would do.

.DESCRIPTION
Only a function, which the installers dot-source.
#>

# One step, told before or after it, as it is tried out or done.
function Invoke-Change([string] $What, [scriptblock] $Change) {
    if ($WhatIfPreference) {
        Write-Line "would   $What"
        return
    }
    & $Change
    Write-Line "ok      $What"
}

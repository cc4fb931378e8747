#!/bin/sh
# Installs the packages of all peers (peers.json) that are missing, and any other Debian packages given as arguments.
# None of their daemons is started. Debian's need root, unless nothing is missing. Those of Debian 13 are unpacked beside
# the system, so that nothing of it changes. Those of NuGet need the .NET SDK, which this does not install; without it
# they stay missing. Any version of Node can run it.
set -eu

PEERS=$(dirname "$0")/peers.json
readonly TRIXIE=/usr/local/lib/kmswatch-peers/trixie
readonly POLICY=/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

# The values of all peers for one key.
packages() {
  node -p 'Object.values(JSON.parse(require("fs").readFileSync(process.argv[1]))).map((peer) => peer[process.argv[2]] ?? "").join("\n")' "$PEERS" "$1"
}

installed() {
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Another apt may hold the lock for a while, as it does just after a machine came up. A CI machine is thrown away, so dpkg
# need not wait for its disk after each file, which takes most of the time.
apt() {
  apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 ${CI:+-o Dpkg::Options::=--force-unsafe-io} "$@"
}

# Has the SDK fetch these packages (`name/version`) into the folder where it keeps all of them.
nuget() {
  project=$(mktemp -d)
  {
    echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>netstandard2.0</TargetFramework>'
    echo '<DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences></PropertyGroup><ItemGroup>'
    for name in "$@"; do
      echo "<PackageDownload Include=\"${name%/*}\" Version=\"[${name#*/}]\" />"
    done
    echo '</ItemGroup></Project>'
  } >"$project/peers.csproj"
  status=0
  DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 dotnet restore --verbosity quiet "$project/peers.csproj" || status=$?
  rm -rf "$project"
  return "$status"
}

if command -v dotnet >/dev/null; then
  # shellcheck disable=SC2046 # several words are meant
  nuget $(packages nuget) || echo 'the packages of NuGet could not be installed' >&2
else
  echo 'there is no .NET SDK, so the packages of NuGet cannot be installed' >&2
fi

# Unpacks packages of Debian 13 without what they depend on: programs in Go, which need the C library alone.
trixie() {
  work=$(mktemp -d)
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$TRIXIE"
  echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' >"$work/sources.list"
  status=0
  (
    cd "$work"
    other() {
      apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::State="$work/state" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" "$@"
    }
    other update && other download "$@" && for file in *.deb; do dpkg-deb --extract "$file" "$TRIXIE"; done
  ) || status=$?
  rm -rf "$work"
  return "$status"
}

needed=$(packages package)
missing=
for name in $(printf '%s\n' "$needed" "$@" | sort -u); do
  installed "$name" || missing="$missing $name"
done
unpacked=
for name in $(packages trixie); do
  [ -n "$(ls "$TRIXIE"/usr/share/doc/"$name" 2>/dev/null)" ] || unpacked="$unpacked $name"
done
[ -n "$missing$unpacked" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "not root, so these packages cannot be installed:$missing$unpacked" >&2
  exit 1
fi
echo "installing$missing$unpacked"
if [ -n "$unpacked" ]; then
  # shellcheck disable=SC2086 # several words are meant
  trixie $unpacked || echo 'the packages of Debian 13 could not be unpacked' >&2
fi
[ -n "$missing" ] || exit 0
if [ ! -e "$POLICY" ]; then
  # invoke-rc.d(8): 101 forbids the action. The tests start their peers themselves.
  printf '#!/bin/sh\nexit 101\n' >"$POLICY"
  chmod 755 "$POLICY"
  trap 'rm -f "$POLICY"' EXIT
  trap 'exit 1' HUP INT TERM
fi
# An index that cannot be brought up to date may still have all the packages.
apt update || true
# shellcheck disable=SC2086 # several words are meant
apt install --yes --no-install-recommends $missing

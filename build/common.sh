# What the scripts of this folder share. Sourced, not run. Written for bash 3.2, which macOS has.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
data=$root/.data
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { echo "$*" >&2; exit 1; }

need_dotnet() {
    command -v dotnet >/dev/null || fail "SmartCity needs the .NET 10 SDK, and there is no 'dotnet' on PATH. https://dotnet.microsoft.com/download"
    # In the checkout, where global.json says which SDK will do.
    (cd "$root" && dotnet --version >/dev/null 2>&1) || fail "SmartCity needs the .NET 10 SDK; this machine has: $(cd / && dotnet --list-sdks | sed 's/ .*//' | tr '\n' ' ')"
}

# The pages' styles and scripts come from npm, as part of the build.
need_npm() {
    [ ! -e "$root/src/SmartCity.Web/package.json" ] || command -v npm >/dev/null || fail "SmartCity's web pages need Node.js with npm to build, and there is no 'npm' on PATH. https://nodejs.org"
}

build() { # PROJECT OR SOLUTION
    # Stops the build's own helpers with it: they would hold a reader of this script's output.
    dotnet build "$1" -c Release --nologo -v q -tl:off "-clp:ErrorsOnly;NoSummary" --disable-build-servers </dev/null
}

# --- PostgreSQL for as long as this script lives ------------------------------------------------------------

postgres=''

# start_postgres ARGUMENTS-OF-SERVE: sets `connection`. The server watches a pipe of which this script holds
# the other end (descriptor 7; keep it from other children with 7>&-), and so ends with it in any case.
start_postgres() {
    local pipes
    pipes=$(mktemp -d "${TMPDIR:-/tmp}/smartcity.XXXXXX")
    mkfifo "$pipes/life" "$pipes/line"
    "$root/build/postgres/serve" "$@" <"$pipes/life" >"$pipes/line" &
    postgres=$!
    exec 7>"$pipes/life" 8<"$pipes/line"
    rm -r "$pipes"
    IFS= read -r connection <&8 || { wait "$postgres" || true; exit 1; }
    exec 8<&-
}

stop_postgres() {
    [ -n "$postgres" ] || return 0
    exec 7>&-
    wait "$postgres" || true
    postgres=''
}

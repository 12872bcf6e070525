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
    # Without helper processes that outlive it: they would hold this script's output open.
    dotnet msbuild "$1" -restore -p:Configuration=Release -nologo -v:q \
        -nodeReuse:false -p:UseSharedCompilation=false -p:UseRazorBuildServer=false </dev/null
}

# --- what lives as long as this script ----------------------------------------------------------------------

# A pipe of which this script alone holds the writing end (7): who reads the other (5) sees it end with the
# script, however that ends. Children are started with 7>&-, or they would hold it too.
lifeline() {
    local folder
    folder=$(mktemp -d "${TMPDIR:-/tmp}/smartcity.XXXXXX")
    mkfifo "$folder/pipe"
    exec 6<>"$folder/pipe" 5<"$folder/pipe" 7>"$folder/pipe" # 6, both ends, lets the others open without waiting
    exec 6<&-
    rm -r "$folder"
}

postgres=''
start_postgres() { # ARGUMENTS OF serve: sets `connection`
    local folder
    folder=$(mktemp -d "${TMPDIR:-/tmp}/smartcity.XXXXXX")
    mkfifo "$folder/line"
    "$root/build/postgres/serve" "$@" <&5 7>&- >"$folder/line" &
    postgres=$!
    exec 8<"$folder/line"
    rm -r "$folder"
    IFS= read -r connection <&8 || { wait "$postgres" || true; exit 1; }
    exec 8<&-
}

stop_postgres() {
    [ -n "$postgres" ] || return 0
    kill -TERM "$postgres" 2>/dev/null || true
    wait "$postgres" || true
    postgres=''
}

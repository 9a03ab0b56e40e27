#!/bin/sh
# Build the C++ harnesses with sanitizers and run them. usage: tests/fuzz/run.sh [RUNS [SECONDS]]
#
# RUNS, 10 million unless given, is the number of executions over all harnesses: seven tenths of them read texts, the
# others damaged tables. SECONDS ends each harness earlier. FUZZ_DIR keeps what was built and found.
set -eu
runs=${1:-10000000}
seconds=${2:-0}
here=$(cd "$(dirname "$0")" && pwd)
native="$here/../../xborder_tagger/kernel/native"
work=${FUZZ_DIR:-$(mktemp -d)}
python "$here/dump_tables.py" "$work/shipped.tables" "$work/small.tables"
export XBORDER_FUZZ_SHIPPED="$work/shipped.tables" XBORDER_FUZZ_SMALL="$work/small.tables"
export ASAN_OPTIONS=malloc_context_size=4 # of where memory came from; longer ones cost a tenth of the time

# Comparisons are not traced: that would take half of the time in loops over tables.
build() {
    clang++ -std=c++17 -O1 -g -fno-omit-frame-pointer -DXBORDER_FUZZ -fsanitize=fuzzer,address,undefined \
        -fno-sanitize-coverage=trace-cmp -fno-sanitize-recover=all -I"$native" "$@"
}

# fuzz HARNESS TENTHS LONGEST: prints how many executions there were. Leaks are looked for once, at the end.
fuzz() {
    build "$here/$1.cpp" "$work"/*.o -o "$work/$1" -lpthread
    mkdir -p "$work/corpus.$1"
    "$work/$1" -runs=$((runs * $2 / 10)) -max_total_time="$seconds" -max_len="$3" -dict="$here/pieces.dict" \
        -artifact_prefix="$work/" -print_final_stats=1 -verbosity=0 -detect_leaks=0 "$work/corpus.$1" "$here/seeds" 2> "$work/$1.log" ||
        { cat "$work/$1.log" >&2; exit 1; }
    awk '/number_of_executed_units/ { print $2 }' "$work/$1.log"
}

for source in "$native"/*.cpp; do
    build -c "$source" -o "$work/$(basename "$source" .cpp).o"
done
texts=$(fuzz fuzz_texts 7 192)
tables=$(fuzz fuzz_tables 3 64)
echo "$((texts + tables)) executions without a finding: $texts on texts, $tables on tables"

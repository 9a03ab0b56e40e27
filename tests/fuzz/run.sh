#!/bin/sh
# Build the C++ harnesses with sanitizers and run each for a number of seconds. usage: tests/fuzz/run.sh [SECONDS]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
native="$here/../../xborder_tagger/kernel/native"
work=${FUZZ_DIR:-$(mktemp -d)}
python "$here/dump_tables.py" "$work/shipped.tables" "$work/small.tables"
export XBORDER_FUZZ_SHIPPED="$work/shipped.tables" XBORDER_FUZZ_SMALL="$work/small.tables"
for harness in fuzz_texts fuzz_tables; do
    core=$(find "$native" -maxdepth 1 -name '*.cpp')
    # shellcheck disable=SC2086 - a list of files
    clang++ -std=c++17 -O1 -g -fno-omit-frame-pointer -DXBORDER_FUZZ -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
        -I"$native" "$here/$harness.cpp" $core -o "$work/$harness" -lpthread
    mkdir -p "$work/corpus.$harness"
    "$work/$harness" -max_total_time="${1:-60}" -max_len=4096 -artifact_prefix="$work/" -print_final_stats=1 \
        "$work/corpus.$harness" "$here/seeds"
done

// What the processor can do, asked at run time. XBORDER_ANY_PROCESSOR: as if it could do no more than all can, for tests.
#pragma once

#if (defined(__GNUC__) || defined(__clang__)) && defined(__x86_64__) && !defined(XBORDER_ANY_PROCESSOR)
#define XBORDER_VARIANTS 1

namespace xborder {

inline bool has_avx2() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

// With its byte instructions: Intel since Ice Lake, AMD since Zen 4.
inline bool has_avx512() {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
}

}  // namespace xborder

#endif

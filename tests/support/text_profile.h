// Profiles written as text, so that a test shows what it is about.
//
//     source app.py                         its text follows, each line after a bar
//     | def f(z):
//     |     return abs(z) < 2
//     def f app.py 1                        where a function is defined (else line 1)
//     names f app.py abs range              co_names; so with `variables` and `constants`
//     bytecode f app.py LOAD_FAST 0 / COMPARE_OP 18      its instructions; caches are filled in
//     lines f app.py 0:1 2:2                where the lines of its bytecode begin, by offset
//     state f app.py t=50ms LOAD_FAST 0 / COMPARE_OP_INT 18 ~12    as it was found at a moment; the
//                                           counter of the last stands at the 12th doubling
//     thread worker                         another thread; MainThread is there
//     native pool                           a thread that Python does not know; cpu=2ms
//     python 3.13.0                         the version
//     arguments app.py -x                   the command line
//     sample MainThread holds_gil x40 : <module> app.py:9 ; f app.py:2 {abs(z)}
//     call MainThread x3 total=5us self=2us : <module> app.py ; f app.py ; abs ~
//     call_cost python_inside=10 python_outside=20 c_inside=5 c_outside=15
//     lost late 3
//     end user=40ms system=1ms sweeps=41 stops=3 held=50us stop_cost=2us profiler=1ms
//
// What is said of a function's code comes before its first sample, and `python` before that.
//
// A sample has a thread, a state, settings, and its frames from the root to the leaf: function,
// file:line, and the expression in braces that it stands on (found in the line; `{#2 z}` is the
// second `z` of it); `f app.py:2 @16` stands at that offset. Settings: xN (so many), w=1ms
// (weight), cpu=1ms (what it had; by default the weight where the state can run, else nothing),
// t=5ms (time; by default where the thread's sample before ended), call=read (system call),
// holder=THREAD, gc, jit, stop (how it was looked at).
//
// A call has the path to what was called; the file `~` is that of functions in C. Costs are in ns.
//
// Line tables are not encoded: each place has its own offset and a row in `positions`.
#pragma once

#include <string_view>

#include "profile/profile.h"

namespace lancehead::test {

[[nodiscard]] schema::Tables tables_from_text(std::string_view text);
[[nodiscard]] profile::Profile profile_from_text(std::string_view text);

}  // namespace lancehead::test

// How jemalloc behaves in the programs that are linked with it; it reads this before main. Threads
// share four heaps, as one for each of many would keep what one piece of work needed; what is not
// used for ten seconds goes back to the system on a thread of its own.

extern "C" {
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
const char* malloc_conf = "narenas:4,background_thread:true";
}

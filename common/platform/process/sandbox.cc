#include "common/platform/process/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace openchoreo::process {

using base::ErrorCode;
using base::Fail;

namespace {

// Never of use to us or to git, ssh and kustomize.
constexpr const char* kForbidden[] = {"acct",
                                      "add_key",
                                      "adjtimex",
                                      "bpf",
                                      "chroot",
                                      "clock_adjtime",
                                      "clock_settime",
                                      "delete_module",
                                      "finit_module",
                                      "fsconfig",
                                      "fsmount",
                                      "fsopen",
                                      "fspick",
                                      "init_module",
                                      "io_uring_enter",
                                      "io_uring_register",
                                      "io_uring_setup",
                                      "ioperm",
                                      "iopl",
                                      "kcmp",
                                      "kexec_file_load",
                                      "kexec_load",
                                      "keyctl",
                                      "lookup_dcookie",
                                      "mount",
                                      "mount_setattr",
                                      "move_mount",
                                      "name_to_handle_at",
                                      "nfsservctl",
                                      "open_by_handle_at",
                                      "open_tree",
                                      "perf_event_open",
                                      "pivot_root",
                                      "process_vm_readv",
                                      "process_vm_writev",
                                      "ptrace",
                                      "quotactl",
                                      "reboot",
                                      "request_key",
                                      "setdomainname",
                                      "setns",
                                      "sethostname",
                                      "settimeofday",
                                      "swapoff",
                                      "swapon",
                                      "syslog",
                                      "umount2",
                                      "unshare",
                                      "userfaultfd",
                                      "vhangup"};

struct Filter {
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ALLOW);

  ~Filter() { seccomp_release(context); }
};

base::Result<bool> LoadSeccomp(const SandboxOptions& options) {
  Filter filter;
  if (filter.context == nullptr) return Fail(ErrorCode::kInternal, "seccomp: no memory");
  auto forbid = [&](const char* name) {
    int number = seccomp_syscall_resolve_name(name);
    // A system call this kernel or architecture does not know needs no rule.
    if (number != __NR_SCMP_ERROR)
      seccomp_rule_add(filter.context, SCMP_ACT_ERRNO(EPERM), number, 0);
  };
  for (const char* name : kForbidden) forbid(name);
  if (!options.start_programs) {
    forbid("execve");
    forbid("execveat");
  }
  if (!options.network) {
    seccomp_rule_add(filter.context, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socket), 1,
                     SCMP_A0(SCMP_CMP_NE, AF_UNIX, 0));
  }
  int error = seccomp_load(filter.context);
  if (error != 0)
    return Fail(ErrorCode::kInternal, std::string("seccomp: ") + std::strerror(-error));
  return true;
}

constexpr std::uint64_t kRead =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t kWrite = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SOCK |
                                 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_SYM |
                                 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK;

// A folder that does not exist needs no rule.
bool Allow(int ruleset, const std::string& path, std::uint64_t access) {
  int fd = open(path.c_str(), O_PATH | O_CLOEXEC);
  if (fd < 0) return true;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = fd;
  bool added = syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
  close(fd);
  return added;
}

base::Result<bool> EnterLandlock(const SandboxOptions& options) {
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = kRead | kWrite;
  int ruleset =
      static_cast<int>(syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0));
  if (ruleset < 0)
    return Fail(ErrorCode::kInternal, std::string("landlock: ") + std::strerror(errno));
  bool ok = true;
  for (const char* path : {"/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc", "/proc", "/sys"}) {
    ok = ok && Allow(ruleset, path, kRead);
  }
  for (const std::string& path : options.readable) ok = ok && Allow(ruleset, path, kRead);
  for (const std::string& path : options.writable) ok = ok && Allow(ruleset, path, kRead | kWrite);
  ok = ok && Allow(ruleset, "/dev",
                   LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                       LANDLOCK_ACCESS_FS_READ_DIR);
  ok = ok && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
  int error = errno;
  close(ruleset);
  if (!ok) return Fail(ErrorCode::kInternal, std::string("landlock: ") + std::strerror(error));
  return true;
}

bool HasLandlock() {
  return syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

}  // namespace

base::Result<std::string> EnterSandbox(const SandboxOptions& options) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return Fail(ErrorCode::kInternal, std::string("no_new_privs: ") + std::strerror(errno));
  }
  std::string report = "no_new_privs";
  if (HasLandlock()) {
    OC_TRY(bool entered, EnterLandlock(options));
    (void)entered;
    report += ", landlock";
  } else {
    report += ", no landlock in this kernel";
  }
  if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0) {
    OC_TRY(bool loaded, LoadSeccomp(options));
    (void)loaded;
    report += ", seccomp";
    if (!options.start_programs) report += " without execve";
    if (!options.network) report += " without network";
  } else {
    report += ", no seccomp in this kernel";
  }
  return report;
}

}  // namespace openchoreo::process

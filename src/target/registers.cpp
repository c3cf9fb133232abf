#include "target/registers.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

namespace lancehead::target {
namespace {

// The kernel's own code for "start this call again, unless a handler ran: then EINTR"; it never
// reaches user space. Source: include/linux/errno.h, ERESTARTNOHAND.
constexpr std::int64_t kRestartWithoutHandler = -514;

Faulty<user_regs_struct> get(pid_t thread) {
  user_regs_struct registers{};
  iovec area{&registers, sizeof registers};
  if (::ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &area) != 0) {
    return std::unexpected(Fault::gone);
  }
  return registers;
}

}  // namespace

#if defined(__x86_64__)

Faulty<Registers> read_registers(pid_t thread) {
  const Faulty<user_regs_struct> registers = get(thread);
  if (!registers) {
    return std::unexpected(registers.error());
  }
  return Registers{.program_counter = {registers->rip},
                   .thread_pointer = {registers->fs_base},
                   .result = static_cast<std::int64_t>(registers->rax),
                   .system_call = static_cast<std::int64_t>(registers->orig_rax)};
}

Faulty<void> restart_system_call(pid_t thread) {
  Faulty<user_regs_struct> registers = get(thread);
  if (!registers) {
    return std::unexpected(registers.error());
  }
  registers->rax = static_cast<unsigned long long>(kRestartWithoutHandler);
  iovec area{&*registers, sizeof *registers};
  if (::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &area) != 0) {
    return std::unexpected(Fault::gone);
  }
  return {};
}

#elif defined(__aarch64__)

Faulty<Registers> read_registers(pid_t thread) {
  const Faulty<user_regs_struct> registers = get(thread);
  if (!registers) {
    return std::unexpected(registers.error());
  }
  std::uint64_t thread_pointer = 0;
  iovec area{&thread_pointer, sizeof thread_pointer};
  ::ptrace(PTRACE_GETREGSET, thread, NT_ARM_TLS, &area);
  int number = -1;
  area = {&number, sizeof number};
  ::ptrace(PTRACE_GETREGSET, thread, NT_ARM_SYSTEM_CALL, &area);
  return Registers{.program_counter = {registers->pc},
                   .thread_pointer = {thread_pointer},
                   .result = static_cast<std::int64_t>(registers->regs[0]),
                   .system_call = number};
}

Faulty<void> restart_system_call(pid_t thread) {
  Faulty<user_regs_struct> registers = get(thread);
  if (!registers) {
    return std::unexpected(registers.error());
  }
  registers->regs[0] = static_cast<unsigned long long>(kRestartWithoutHandler);
  iovec area{&*registers, sizeof *registers};
  if (::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &area) != 0) {
    return std::unexpected(Fault::gone);
  }
  return {};
}

#endif

}  // namespace lancehead::target
